namespace BinAuthz.GoogleCloud;

/// <summary>One call of a Google API over plain HTTP.</summary>
/// <param name="Method">Its name in errors, such as <c>objects.insert</c>.</param>
/// <param name="Resource">What it is called for.</param>
/// <param name="Host">The API's host, such as <c>storage.googleapis.com</c>; an emulator is told it by the Host header.</param>
/// <param name="Verb">The method of HTTP.</param>
/// <param name="Path">Path and query, without a leading slash.</param>
/// <param name="Content">Makes the body, anew for each attempt; null: none.</param>
internal sealed record HttpCall(string Method, string Resource, string Host, HttpMethod Verb, string Path, Func<HttpContent>? Content = null)
{
    /// <summary>What the answer may be, as media types; empty: anything.</summary>
    public IReadOnlyList<string> Accept { get; init; } = [];
}
