using BinAuthz.Attestations;
using BinAuthz.Images;
using BinAuthz.Keys;
using BinAuthz.Rotation;

namespace BinAuthz.Tests.Rotation;

public sealed class AttestedDigestsTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 10, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly ImageReference Image = AttestingKey.Image(1);

    private readonly AttestingKey first = new(1);
    private readonly AttestingKey second = new(2);

    [Fact]
    public void Add_AttestationsByTwoKeysUnderTwoNames_IsOneDigestWithTheUnion()
    {
        var copy = AttestingKey.Image(1, "us-central1-docker.pkg.dev/acme-prod/released/server");

        var digest = Assert.Single(Gather([first, second], [], first.Attest(Image), second.Attest(copy), first.Attest(Image, uri: Image.ToString())).All);

        Assert.Equal(Image.Digest, digest.Digest);
        Assert.Equal([first.Name.PublicKeyId, second.Name.PublicKeyId], digest.KeyIds.Order(StringComparer.Ordinal));
        Assert.Equal([Image, copy], digest.Images.OrderBy(image => image.Name, StringComparer.Ordinal));
    }

    [Fact]
    public void Add_ForeignKeyGarbageOrOtherDigest_IsPassedOver() => Assert.Empty(Gather(
        [first],
        [],
        second.Attest(Image),
        first.Attest(Image, payload: [1, 2, 3]),
        first.Attest(Image, payload: AttestationPayload.Create(AttestingKey.Image(2))),
        first.Attest(Image, uri: $"https://{Image.Name}:v1"),
        first.Attest(Image) with { Signatures = [] }).All);

    [Fact]
    public void Add_VersionWasRevoked_IsWithoutKeysAndKnowsTheEarliestTime()
    {
        var digest = Assert.Single(Gather([second], [first], first.Attest(Image, Now), first.Attest(Image, Now.AddHours(-1)), first.Attest(Image)).All);

        Assert.Empty(digest.KeyIds);
        Assert.Equal(new Dictionary<KeyVersionName, DateTimeOffset> { [first.Name] = Now.AddHours(-1) }, digest.Revoked);
    }

    [Fact]
    public void Add_VersionWasRevokedAndNoTimeIsSaid_CountsAsTheLatest() =>
        Assert.Equal(DateTimeOffset.MaxValue, Assert.Single(Gather([], [first], first.Attest(Image)).All).Revoked[first.Name]);

    [Theory]
    [InlineData("https://nginx@", "docker.io/library/nginx")]
    [InlineData("//acme/web@", "docker.io/acme/web")]
    [InlineData("https://UPPER/case@", "us-central1-docker.pkg.dev/acme-prod/app/server")]
    public void Add_UriWithoutARegistryOrAName_IsReadAsARuntimeOrThePayloadDoes(string uri, string name) =>
        Assert.Equal(name, Assert.Single(Assert.Single(Gather([first], [], first.Attest(Image, uri: uri + Image.Digest)).All).Images).Name);

    [Fact]
    public void Add_NoNameAtAll_IsTold()
    {
        var payload = System.Text.Encoding.UTF8.GetBytes($$$"""{"critical":{"image":{"docker-manifest-digest":"{{{Image.Digest}}}"},"type":"Google cloud binauthz container signature"}}""");

        var digests = Gather([first], [], first.Attest(Image, uri: $"https://UPPER/case@{Image.Digest}", payload: payload));

        Assert.Empty(digests.All);
        Assert.Equal([Image.Digest], digests.Unnamed);
    }

    [Fact]
    public void From_RevokedTwice_TakesTheEarliestOfBoth()
    {
        var records = new[] { Revoked(first, Now, Now.AddDays(-1)), Revoked(first, Now.AddHours(1), Now.AddDays(-3)), Revoked(first, Now, Now) with { Kind = KeyRecordKind.Retired } };

        var revoked = Assert.Single(RevokedVersion.From(AttestingKey.Attestor(), records));

        Assert.Equal((first.Name, Now, Now.AddDays(-3), true), (revoked.Version, revoked.At, revoked.Since, revoked.IsReadable));
    }

    [Fact]
    public void From_NobodySaysSinceWhen_NothingPredatesIt() =>
        Assert.Equal(DateTimeOffset.MinValue, Assert.Single(RevokedVersion.From(AttestingKey.Attestor(), [Revoked(first, Now, null)])).Since);

    [Fact]
    public void From_KeyThatCannotBeRead_SaysSo() =>
        Assert.False(Assert.Single(RevokedVersion.From(AttestingKey.Attestor(), [Revoked(first, Now, Now) with { Pem = "nonsense" }])).IsReadable);

    public void Dispose()
    {
        first.Dispose();
        second.Dispose();
    }

    private static KeyRecord Revoked(AttestingKey key, DateTimeOffset at, DateTimeOffset? since) =>
        new(key.Name, KeyRecordKind.Revoked, at, key.Pem, SignatureAlgorithm.Default, "stolen") { CompromisedSince = since };

    private static AttestedDigests Gather(AttestingKey[] trusted, AttestingKey[] revoked, params Attestation[] attestations)
    {
        var attestor = AttestingKey.Attestor(trusted);
        var digests = new AttestedDigests(attestor, RevokedVersion.From(attestor, revoked.Select(key => Revoked(key, Now, Now))));
        digests.Add(attestations, TestContext.Current.CancellationToken);
        return digests;
    }
}
