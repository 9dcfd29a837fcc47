using BinAuthz.Keys;
using FsCheck.Xunit;

namespace BinAuthz.Tests.Keys;

public sealed class KeyNameTests
{
    private const string Key = "projects/acme-security/locations/us-central1/keyRings/binauthz/cryptoKeys/release-signer";

    [Fact]
    public void Parse_KeyName_HasItsParts()
    {
        var key = KeyName.Parse(Key);

        Assert.Equal(("acme-security", "us-central1", "binauthz", "release-signer"), (key.Project, key.Location, key.KeyRing, key.Key));
        Assert.Equal(Key, key.ToString());
        Assert.Equal(Key + "/cryptoKeyVersions/7", key.Version(7).ToString());
    }

    [Fact]
    public void PublicKeyId_Version_IsTheIdOfTheSamples()
    {
        var version = KeyName.Parse(Key).Version(1);

        Assert.Contains($"\"id\": \"{version.PublicKeyId}\"", TestData.Text("attestation/attestor-single-key.json"), StringComparison.Ordinal);
        Assert.True(KeyVersionName.TryParsePublicKeyId(version.PublicKeyId, out var parsed));
        Assert.Equal(version, parsed);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("projects/p/locations/l/keyRings/r")]
    [InlineData("projects/p/locations/l/keyRings/r/cryptoKeys/")]
    [InlineData("projects/p/locations/l/keyRings/r/cryptoKeys/k/")]
    [InlineData("projects/p/locations/l/keyRings/r/cryptoKeys/k\n")]
    [InlineData("projects/p/locations/l/keyrings/r/cryptoKeys/k")]
    [InlineData("/projects/p/locations/l/keyRings/r/cryptoKeys/k")]
    [InlineData("projects/p/locations/l/keyRings/../cryptoKeys/k")]
    public void TryParse_NotAKey_IsFalse(string? text) => Assert.False(KeyName.TryParse(text, out _));

    [Theory]
    [InlineData(null)]
    [InlineData(Key)]
    [InlineData(Key + "/cryptoKeyVersions/")]
    [InlineData(Key + "/cryptoKeyVersions/0")]
    [InlineData(Key + "/cryptoKeyVersions/01")]
    [InlineData(Key + "/cryptoKeyVersions/-1")]
    [InlineData(Key + "/cryptoKeyVersions/ 1")]
    [InlineData(Key + "/cryptoKeyVersions/1/")]
    [InlineData(Key + "/cryptoKeyVersions/9223372036854775808")]
    public void TryParse_NotAVersion_IsFalse(string? text) => Assert.False(KeyVersionName.TryParse(text, out _));

    [Theory]
    [InlineData(null)]
    [InlineData(Key + "/cryptoKeyVersions/1")]
    [InlineData("https://cloudkms.googleapis.com/v1/" + Key + "/cryptoKeyVersions/1")]
    [InlineData("//cloudkms.googleapis.com/v2/" + Key + "/cryptoKeyVersions/1")]
    [InlineData("ni:///sha-256;TCF43asEPLP2IW8TLuVByv1ZZzkLVQqne57NrYbRG5U")]
    public void TryParsePublicKeyId_AnotherId_IsFalse(string? id) => Assert.False(KeyVersionName.TryParsePublicKeyId(id, out _));

    [Fact]
    public void Parse_NotAKey_NamesInputAndForm()
    {
        Assert.Contains("'x' is not a KMS key", Assert.Throws<FormatException>(() => KeyName.Parse("x")).Message, StringComparison.Ordinal);
        Assert.Contains("cryptoKeyVersions/N", Assert.Throws<FormatException>(() => KeyVersionName.Parse("x")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => KeyName.Parse(Key).Version(0));
    }

    [Property(Arbitrary = [typeof(Names)])]
    public bool Parse_Printed_IsTheSame(Identifier project, Identifier ring, Identifier key, FsCheck.PositiveInt number)
    {
        var name = KeyName.Parse($"projects/{project.Value}/locations/us/keyRings/{ring.Value}/cryptoKeys/{key.Value}");
        var version = name.Version(number.Get);

        return KeyName.Parse(name.ToString()) == name
            && KeyVersionName.Parse(version.ToString()) == version
            && KeyVersionName.TryParsePublicKeyId(version.PublicKeyId, out var parsed) && parsed == version;
    }
}
