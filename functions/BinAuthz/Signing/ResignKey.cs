using System.Diagnostics.CodeAnalysis;
using BinAuthz.Keys;

namespace BinAuthz.Signing;

/// <summary>Whether this signer signs anew as it was asked to.</summary>
internal static class ResignKey
{
    /// <summary>Decides by what is trusted and what signs now.</summary>
    /// <param name="wanted">The version that was asked for.</param>
    /// <param name="trust">The attestor and the version that signs.</param>
    /// <param name="signer">The version asked for, or a newer one that signs since.</param>
    /// <param name="reason">Why nothing is to be signed.</param>
    /// <exception cref="SigningException">No version may sign, or another key than this signer's is asked for.</exception>
    /// <exception cref="NotYetException">An older version signs still.</exception>
    public static bool TryChoose(KeyVersionName wanted, SigningTrust trust, [NotNullWhen(true)] out SigningKeySelection.Selected? signer, [NotNullWhen(false)] out string? reason)
    {
        signer = null;
        reason = trust.Attestor.Keys.Any(key => key.Id == wanted.PublicKeyId) ? null : $"{trust.Attestor.Name} does not trust {wanted} any more, so nothing was signed anew";
        if (reason is not null)
        {
            return false;
        }

        signer = trust.Signer ?? throw new SigningException(trust.Problem!);
        if (signer.Version.Key != wanted.Key)
        {
            throw new SigningException($"Images are to be signed anew with {wanted}, and this signer signs with {signer.Version.Key}. Give the rotator and the signer the same key for {trust.Attestor.Name}.");
        }

        return signer.Version.Version >= wanted.Version
            ? true
            : throw new NotYetException($"Images are to be signed anew with {wanted}, and {signer.Version} still signs: the attestor has not listed the newer one for the propagation window by this clock, or Cloud KMS does not have it enabled.");
    }
}
