using Grpc.Core;

namespace BinAuthz.GoogleCloud;

/// <summary>Follows the page tokens of a list to its end, which a faulty service may never come to.</summary>
/// <param name="method">The method that lists, such as <c>ListAssets</c>.</param>
/// <param name="resource">What is listed.</param>
internal sealed class PageTokens(string method, string resource)
{
    /// <summary>The most pages of a list.</summary>
    public const int Maximum = 10_000;

    private readonly HashSet<string> followed = new(StringComparer.Ordinal);

    /// <summary>Takes the token of the next page.</summary>
    /// <returns>False: there is no next page.</returns>
    /// <exception cref="GoogleCallException">OUT_OF_RANGE: the token was given before, or there are more than <see cref="Maximum"/> pages.</exception>
    public bool Follow(string token)
    {
        if (token.Length == 0)
        {
            return false;
        }

        if (!followed.Add(token))
        {
            throw new GoogleCallException(method, resource, StatusCode.OutOfRange, $"The list does not end: page {followed.Count + 1} was given again as the next one.");
        }

        return followed.Count < Maximum ? true : throw new GoogleCallException(method, resource, StatusCode.OutOfRange, $"The list does not end: it has more than {Maximum} pages.");
    }
}
