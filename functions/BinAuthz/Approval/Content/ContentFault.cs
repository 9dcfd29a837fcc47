namespace BinAuthz.Approval.Content;

/// <summary>What one platform's configuration has against it.</summary>
/// <param name="Code">Such as <c>user-is-root</c>.</param>
/// <param name="Reason">The end of a sentence that begins with the platform, without the full stop.</param>
/// <param name="Remedy">What to do about it.</param>
internal sealed record ContentFault(string Code, string Reason, string Remedy);
