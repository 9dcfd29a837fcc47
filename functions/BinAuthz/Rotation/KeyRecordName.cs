using System.Globalization;
using BinAuthz.Attestations;
using BinAuthz.Keys;

namespace BinAuthz.Rotation;

/// <summary>Where the evidence bucket keeps a <see cref="KeyRecord"/>: <c>rotation/ATTESTOR_ID/KEY_RING/KEY/VERSION/TIMESTAMP-KIND.json</c>.</summary>
internal static class KeyRecordName
{
    /// <summary>What the records of a key's versions begin with.</summary>
    public static string Prefix(AttestorName attestor, KeyName key) => $"rotation/{attestor.Id}/{key.KeyRing}/{key.Key}/";

    /// <summary>The name of one record; in the order of time for each version.</summary>
    public static string Of(AttestorName attestor, KeyRecord record) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Prefix(attestor, record.Version.Key)}{record.Version.Version}/{Rfc3339.Write(record.At)}-{KeyRecordJson.Word(record.Kind)}.json");
}
