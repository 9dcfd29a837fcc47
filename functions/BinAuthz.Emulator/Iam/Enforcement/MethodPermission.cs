namespace BinAuthz.Emulator.Iam.Enforcement;

/// <summary>A permission that a method needs.</summary>
/// <param name="Method">The full gRPC method.</param>
/// <param name="Permission">Such as <c>cloudkms.cryptoKeyVersions.useToSign</c>.</param>
/// <param name="Field">The field of the request that names the resource, such as <c>name</c> or <c>occurrence.note_name</c>.</param>
/// <param name="IsRequired">Whether the field must name something; else the permission is needed only for what it names.</param>
internal sealed record MethodPermission(string Method, string Permission, string Field, bool IsRequired = true);
