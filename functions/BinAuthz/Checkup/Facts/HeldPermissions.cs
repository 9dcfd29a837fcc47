namespace BinAuthz.Checkup.Facts;

/// <summary>What the caller may do with a resource.</summary>
/// <param name="Check">The check that asks.</param>
/// <param name="Resource">The resource.</param>
/// <param name="Needed">What signing needs.</param>
/// <param name="Held">Which permissions of these are held.</param>
internal sealed record HeldPermissions(string Check, string Resource, IReadOnlyList<Access> Needed, Fact<IReadOnlySet<string>> Held);
