using System.Globalization;
using System.Text.RegularExpressions;
using BinAuthz.Emulator.Hosting;

namespace BinAuthz.Emulator.Kms;

/// <summary>The resource names of Cloud KMS.</summary>
internal static partial class KmsNames
{
    public static string Location(string name) => Checked(LocationName(), name, "projects/*/locations/*");

    public static string KeyRing(string name) => Checked(KeyRingName(), name, "projects/*/locations/*/keyRings/*");

    public static string CryptoKey(string name) => Checked(CryptoKeyName(), name, "projects/*/locations/*/keyRings/*/cryptoKeys/*");

    public static string Version(string name) => Checked(VersionName(), name, "projects/*/locations/*/keyRings/*/cryptoKeys/*/cryptoKeyVersions/*");

    /// <summary>The id of a new key ring or key.</summary>
    public static string Id(string field, string id) => ResourceId().IsMatch(id)
        ? id
        : throw Errors.Invalid($"Invalid {field} '{id}': it must match [a-zA-Z0-9_-]{{1,63}}.");

    /// <summary>The key of a version.</summary>
    public static string KeyOf(string version) => version[..version.IndexOf("/cryptoKeyVersions/", StringComparison.Ordinal)];

    /// <summary>The number of a version, by which versions are ordered.</summary>
    public static int Number(string version) => int.Parse(version.AsSpan(version.LastIndexOf('/') + 1), NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Checked(Regex pattern, string name, string form) => pattern.IsMatch(name)
        ? name
        : throw Errors.Invalid($"Invalid resource name '{name}': it must have the form {form}.");

    [GeneratedRegex(@"^[a-zA-Z0-9_-]{1,63}\z")]
    private static partial Regex ResourceId();

    [GeneratedRegex(@"^projects/[^/]+/locations/[a-z0-9-]+\z")]
    private static partial Regex LocationName();

    [GeneratedRegex(@"^projects/[^/]+/locations/[a-z0-9-]+/keyRings/[a-zA-Z0-9_-]{1,63}\z")]
    private static partial Regex KeyRingName();

    [GeneratedRegex(@"^projects/[^/]+/locations/[a-z0-9-]+/keyRings/[a-zA-Z0-9_-]{1,63}/cryptoKeys/[a-zA-Z0-9_-]{1,63}\z")]
    private static partial Regex CryptoKeyName();

    [GeneratedRegex(@"^projects/[^/]+/locations/[a-z0-9-]+/keyRings/[a-zA-Z0-9_-]{1,63}/cryptoKeys/[a-zA-Z0-9_-]{1,63}/cryptoKeyVersions/[1-9][0-9]{0,8}\z")]
    private static partial Regex VersionName();
}
