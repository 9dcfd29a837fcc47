using System.Globalization;
using BinAuthz.Attestations;
using BinAuthz.Images;
using BinAuthz.Keys;

namespace BinAuthz.Decisions;

/// <summary>Where the evidence bucket keeps the record of a decision: <c>decisions/ATTESTOR_ID/sha256/HEX/KEYVERSION.json</c>.</summary>
internal static class DecisionRecordName
{
    /// <summary>What all records of an attestor begin with.</summary>
    public static string Prefix(AttestorName attestor) => $"decisions/{attestor.Id}/sha256/";

    /// <summary>What the records of a digest begin with.</summary>
    public static string Prefix(AttestorName attestor, ImageDigest digest) => $"{Prefix(attestor)}{digest.Hex}/";

    /// <summary>The record that was signed with a key version.</summary>
    public static string Of(AttestorName attestor, ImageDigest digest, KeyVersionName key) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix(attestor, digest)}{key.Version}.json");
}
