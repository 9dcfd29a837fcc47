using BinAuthz.Images;

namespace BinAuthz.Approval.Repositories;

/// <summary>An entry of <c>rules.repositories</c>.</summary>
/// <param name="Image">The image names.</param>
/// <param name="Tags">One of these tags, where a trailing <c>*</c> stands for any rest; empty: any image of that name.</param>
internal sealed record RepositoryPattern(ImagePattern Image, IReadOnlyList<string> Tags)
{
    /// <summary>Whether the tags are enough, as far as tags are asked for.</summary>
    public bool AdmitsTags(IReadOnlyList<string>? tags) => Tags.Count == 0 || (tags ?? []).Any(tag => Tags.Any(pattern => Matches(pattern, tag)));

    public override string ToString() => Tags.Count == 0 ? $"{Image}" : $"{Image} with tag {string.Join(" or ", Tags)}";

    private static bool Matches(string pattern, string tag) =>
        pattern.EndsWith('*') ? tag.StartsWith(pattern[..^1], StringComparison.Ordinal) : string.Equals(tag, pattern, StringComparison.Ordinal);
}
