namespace BinAuthz.Setup;

/// <summary>A role that a project has of its own, because no predefined one is narrow enough.</summary>
/// <param name="Id">Such as <c>binauthzKeyRotator</c>; the role is <c>projects/P/roles/ID</c>.</param>
/// <param name="Title">For people.</param>
/// <param name="Why">What would be wrong with the narrowest predefined one.</param>
/// <param name="Permissions">All that it holds.</param>
internal sealed record CustomRole(string Id, string Title, string Why, IReadOnlyList<string> Permissions);
