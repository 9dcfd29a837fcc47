namespace BinAuthz.Emulator;

/// <summary>What was decided about a caller with a name while IAM was enforced.</summary>
/// <param name="Principal">Who called.</param>
/// <param name="Permission">What the call needed, such as <c>cloudkms.cryptoKeyVersions.useToSign</c>.</param>
/// <param name="Resource">On what, such as <c>projects/P/topics/T</c> or <c>projects/_/buckets/B/objects/O</c>.</param>
/// <param name="Allowed">Whether a policy gives it.</param>
public sealed record AccessDecision(string Principal, string Permission, string Resource, bool Allowed);
