using BinAuthz.Attestations;
using BinAuthz.Signing;

namespace BinAuthz.Tests.Signing;

public sealed class ResignItemTests : IDisposable
{
    private static readonly string Https = SignedSamples.Image.ResourceUri;
    private static readonly string Bare = SignedSamples.Image.ToString();
    private readonly SignedSamples samples = new();
    private readonly ResignItem item = new(SignedSamples.Image);

    [Fact]
    public void Look_ValidByAnOlderVersion_IsToBeSignedForItsSake()
    {
        var old = samples.By(Https, 1);

        Look([1, 2], 2, old);

        Assert.Equal(new AttestationPlace.Free(Bare), item.Place);
        Assert.Equal((SignedSamples.Version(1).ToString(), old.Name), (item.From!.KeyVersion, item.From.Occurrence));
        Assert.True(item.NeedsSignature(SignedSamples.Version(2)));
    }

    [Fact]
    public void Look_SeveralValidOnes_FollowsFromTheNewestVersion()
    {
        Look([1, 2, 3], 3, samples.By(Https, 1), samples.By(Bare, 2));

        Assert.Equal(SignedSamples.Version(2).ToString(), item.From!.KeyVersion);
    }

    [Fact]
    public void Look_NoneValid_SignsNothing()
    {
        Look([2], 2, samples.By(Https, 1));

        Assert.IsType<SigningOutcome.NotAttested>(item.Outcome);
        Assert.Null(item.Place);
    }

    [Fact]
    public void Look_ValidByTheVersion_WasThere()
    {
        var stored = samples.By(Bare, 2);

        Look([1, 2], 2, samples.By(Https, 1), stored);

        Assert.True(item.WasThere);
        Assert.Equal(stored.Name, item.Occurrence);
        Assert.Null(item.Place);
    }

    [Fact]
    public void Look_OneAttestationWithBothSignatures_FollowsFromTheOther()
    {
        Look([1, 2], 2, samples.By(Https, 1, 2));

        Assert.True(item.WasThere);
        Assert.Equal(SignedSamples.Version(1).ToString(), item.From!.KeyVersion);
    }

    [Fact]
    public void Look_OwnSignatureAfterALostAnswer_WasNotThere()
    {
        Look([1, 2], 2, samples.By(Https, 1));
        Sign(2);

        Look([1, 2], 2, samples.By(Https, 1), item.New(SignedSamples.Note) with { Name = "projects/acme-prod/occurrences/new" });

        Assert.False(item.WasThere);
        Assert.Equal("projects/acme-prod/occurrences/new", item.Occurrence);
    }

    [Fact]
    public void NeedsSignature_SignedInAnEarlierRound_KeepsIt()
    {
        var old = samples.By(Https, 1);
        Look([1, 2], 2, old);
        Sign(2);

        Look([1, 2], 2, old);

        Assert.False(item.NeedsSignature(SignedSamples.Version(2)));
        Assert.True(item.NeedsSignature(SignedSamples.Version(3)));
    }

    [Fact]
    public void NeedsSignature_SignedForTheSakeOfAnAttestationThatLostItsKey_SignsAgain()
    {
        var (first, second) = (samples.By(Https, 1), samples.By($"https://gcr.io/acme-prod/copy@{SignedSamples.Image.Digest}", 2));
        Look([1, 2, 3], 3, first, second);
        Sign(3);

        Look([1, 3], 3, first, second);

        Assert.Equal(first.Name, item.From!.Occurrence);
        Assert.True(item.NeedsSignature(SignedSamples.Version(3)));
    }

    [Fact]
    public void Look_PlaceThatWasRefused_ChoosesAnother()
    {
        Look([1, 2], 2, samples.By($"https://gcr.io/acme-prod/copy@{SignedSamples.Image.Digest}", 1));
        Sign(2);
        item.Refused(SignedSamples.Note);

        Look([1, 2], 2, samples.By($"https://gcr.io/acme-prod/copy@{SignedSamples.Image.Digest}", 1));

        Assert.Equal(new AttestationPlace.Free(Bare), item.Place);
    }

    public void Dispose() => samples.Dispose();

    private void Look(int[] trusted, int wanted, params IReadOnlyList<Attestation> existing) => item.Look(existing, samples.Attestor(trusted), SignedSamples.Version(wanted));

    private void Sign(int version) => item.Signed(SignedSamples.Version(version), samples.Signature(version, AttestationPayload.Create(SignedSamples.Image)), []);
}
