using BinAuthz.Attestations;
using BinAuthz.Images;
using BinAuthz.Keys;

namespace BinAuthz.Signing;

/// <summary>Asks the signer to delete what it signed anew for the sake of attestations by a version that was revoked since: <c>{"withdraw":{"attestor":…,"key":…,"images":[…]}}</c>.</summary>
/// <param name="Attestor">Under whose note.</param>
/// <param name="Key">The version that was revoked.</param>
/// <param name="Images">Images, or platforms of them.</param>
internal sealed record WithdrawRequest(AttestorName Attestor, KeyVersionName Key, IReadOnlyList<ImageReference> Images)
{
    /// <summary>The data of the message.</summary>
    public byte[] ToJson() => ResignRequest.ToJson("withdraw", Attestor, Key, Images);
}
