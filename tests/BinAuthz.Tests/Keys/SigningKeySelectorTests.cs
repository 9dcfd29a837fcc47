using BinAuthz.Keys;
using FsCheck.Xunit;

namespace BinAuthz.Tests.Keys;

public sealed class SigningKeySelectorTests
{
    private const string Pem = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEakDFz3vWYQA5ymJPfzwgWNznD1Q1\n1xGb4Ep6TddQj6aVNGGSE900mQeu/LCf5xg8SQuZpYIkRBBNKIFfQOl41w==\n-----END PUBLIC KEY-----\n";

    private static readonly KeyName Key = KeyName.Parse("projects/p/locations/us/keyRings/r/cryptoKeys/k");
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-10-01T08:00:00Z", System.Globalization.CultureInfo.InvariantCulture);

    [Theory]
    // version, colon, comment; enabled versions; the one that signs
    [InlineData("1:", "1", 1)]
    [InlineData("1:|2:", "1,2", 2)]
    [InlineData("2:|1:", "1,2", 2)]
    [InlineData("9:|10:", "9,10", 10)]
    [InlineData("1:|2:", "1", 1)]
    [InlineData("1:", "1,2", 1)]
    [InlineData("1:|2:trusted since 2026-10-01T07:55:00Z", "1,2", 2)]
    [InlineData("1:|2:trusted since 2026-10-01T07:55:01Z", "1,2", 1)]
    [InlineData("1:|2:trusted since 2026-10-01T09:55:01+02:00", "1,2", 1)]
    [InlineData("1:|2:rotation of September; trusted since 2026-10-01T07:59:00.123456789Z, by rotate-key", "1,2", 1)]
    [InlineData("1:|2:trusted since yesterday", "1,2", 2)]
    [InlineData("1:|2:trusted since 2026-13-41T00:00:00Z", "1,2", 2)]
    [InlineData("1:|2:trusted since 2027-01-01T00:00:00Z", "1,2", 1)]
    [InlineData("1:trusted since 2026-10-01T07:58:00Z|2:trusted since 2026-10-01T07:59:00Z", "1,2", 1)]
    [InlineData("2:trusted since 2026-10-01T07:58:00Z|1:trusted since 2026-10-01T07:59:00Z", "1,2", 2)]
    [InlineData("1:trusted since 2026-10-01T07:59:00Z|2:trusted since 2026-10-01T07:59:00Z", "1,2", 1)]
    public void Select_ListedAndEnabled_IsTheNewestPastTheWindow(string listed, string enabled, long expected)
    {
        var selection = Assert.IsType<SigningKeySelection.Selected>(Select(listed, enabled));

        Assert.Equal(Key.Version(expected), selection.Version);
        Assert.Same(SignatureAlgorithm.Default, selection.Algorithm);
        Assert.Same(selection.Algorithm, selection.Key.Algorithm);
    }

    [Theory]
    [InlineData("1:", "", "no version that is ENABLED", "Enable a version")]
    [InlineData("", "1", "the attestor lists no keys", "Add the public key")]
    [InlineData("1:", "2", "cryptoKeyVersions/2; the attestor lists //cloudkms.googleapis.com/v1/projects/p/locations/us/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1", "Add the public key")]
    public void Select_NoneListed_SaysWhyAndWhatToDo(string listed, string enabled, string reason, string remedy)
    {
        var selection = Assert.IsType<SigningKeySelection.NoneTrusted>(Select(listed, enabled));

        Assert.Contains(reason, selection.Reason, StringComparison.Ordinal);
        Assert.Contains(remedy, selection.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Select_IdInAnotherForm_IsNotTrusted()
    {
        AttestorKey[] keys = [new(Key.Version(1).ToString(), Pem, SignatureAlgorithm.Default, "")];

        Assert.IsType<SigningKeySelection.NoneTrusted>(SigningKeySelector.Select(keys, [Key.Version(1)], Window, Now));
    }

    [Fact]
    public void Select_NewestIsUnreadable_TakesTheReadableOne()
    {
        AttestorKey[] keys = [Listed("1:"), Listed("2:") with { Pem = "garbage" }];

        var selection = Assert.IsType<SigningKeySelection.Selected>(SigningKeySelector.Select(keys, [Key.Version(1), Key.Version(2)], Window, Now));

        Assert.Equal(1, selection.Version.Version);
    }

    [Fact]
    public void Select_OnlyUnreadable_NamesTheKeyAndTheFault()
    {
        AttestorKey[] keys = [Listed("1:") with { Algorithm = null }];

        var selection = Assert.IsType<SigningKeySelection.NoneTrusted>(SigningKeySelector.Select(keys, [Key.Version(1)], Window, Now));

        Assert.Contains("cryptoKeyVersions/1: its signature algorithm is unknown", selection.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void TryImport_CopyWithAnotherPem_ImportsAnew()
    {
        var key = Listed("1:");
        Assert.True(key.TryImport(out var imported, out _));
        Assert.True(key.TryImport(out var again, out _));
        Assert.Same(imported, again);

        Assert.False((key with { Pem = null }).TryImport(out _, out var error));
        Assert.Equal("it is not a PKIX key", error);
        Assert.Equal(key, key with { Comment = "" });
    }

    [Property]
    public bool TrustedSince_Written_IsReadBack(DateTime time)
    {
        var seconds = new DateTimeOffset(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);

        return TrustedSince.Read(TrustedSince.Comment(seconds)) == seconds;
    }

    private static SigningKeySelection Select(string listed, string enabled) => SigningKeySelector.Select(
        [.. listed.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(Listed)],
        [.. enabled.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(version => Key.Version(long.Parse(version, System.Globalization.CultureInfo.InvariantCulture)))],
        Window,
        Now);

    private static AttestorKey Listed(string entry)
    {
        var parts = entry.Split(':', 2);
        return new AttestorKey(Key.Version(long.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture)).PublicKeyId, Pem, SignatureAlgorithm.Default, parts[1]);
    }
}
