namespace BinAuthz.Emulator.Iam.Enforcement;

/// <summary>A permission that a call needed.</summary>
/// <param name="Permission">Such as <c>cloudkms.cryptoKeyVersions.useToSign</c>.</param>
/// <param name="Resource">On what, such as <c>projects/P/topics/T</c> or <c>projects/_/buckets/B/objects/O</c>.</param>
internal sealed record CheckedPermission(string Permission, string Resource);
