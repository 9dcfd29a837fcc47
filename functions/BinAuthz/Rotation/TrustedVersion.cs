using BinAuthz.GoogleCloud;
using BinAuthz.Keys;

namespace BinAuthz.Rotation;

/// <summary>A version whose public key the attestor lists.</summary>
/// <param name="Version">As Cloud KMS describes it.</param>
/// <param name="Key">As the attestor lists it.</param>
internal sealed record TrustedVersion(KeyVersionDescription Version, AttestorKey Key)
{
    /// <summary>Whether signatures can be made with it that the attestor's key verifies.</summary>
    public bool IsUsable => Version.IsEnabled && Version.Algorithm is not null && Key.TryImport(out _, out _);
}
