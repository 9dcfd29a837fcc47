namespace BinAuthz.Auditing.Reports;

/// <summary>A key that an attestor trusts.</summary>
/// <param name="Id">The public key's id, byte for byte.</param>
/// <param name="Algorithm">Binary Authorization's name; null: unspecified, or not known here.</param>
/// <param name="State">Of the version in Cloud KMS, such as <c>ENABLED</c>; null: not known.</param>
/// <param name="Created">When the version was made, UTC; null: not known.</param>
/// <param name="Pem">The public key, with which an auditor can verify signatures by hand; null: it has none (PGP).</param>
internal sealed record ReportedKey(string Id, string? Algorithm, string? State, DateTimeOffset? Created, string? Pem);
