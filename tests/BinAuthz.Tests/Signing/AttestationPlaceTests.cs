using BinAuthz.Attestations;
using BinAuthz.Signing;

namespace BinAuthz.Tests.Signing;

public sealed class AttestationPlaceTests : IDisposable
{
    private static readonly string Https = SignedSamples.Image.ResourceUri;
    private static readonly string Bare = SignedSamples.Image.ToString();
    private readonly SignedSamples samples = new();

    [Fact]
    public void Choose_NothingThere_IsTheUsualForm() => Assert.Equal(new AttestationPlace.Free(Https), Choose(samples.Attestor(1, 2)));

    [Fact]
    public void Choose_UsualFormTaken_IsTheOther() => Assert.Equal(new AttestationPlace.Free(Bare), Choose(samples.Attestor(1, 2), samples.By(Https, 1)));

    [Fact]
    public void Choose_OtherFormTaken_IsTheUsual() => Assert.Equal(new AttestationPlace.Free(Https), Choose(samples.Attestor(1, 2), samples.By(Bare, 1)));

    [Fact]
    public void Choose_SameDigestOfAnotherName_TakesNoPlace() =>
        Assert.Equal(new AttestationPlace.Free(Https), Choose(samples.Attestor(1, 2), samples.By($"https://gcr.io/acme-prod/copy@{SignedSamples.Image.Digest}", 1)));

    [Fact]
    public void Choose_FormThatWasRefused_IsTheOther() =>
        Assert.Equal(new AttestationPlace.Free(Bare), AttestationPlace.Choose(SignedSamples.Image, [], samples.Attestor(1), new HashSet<string> { Https }));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Choose_BothTakenAndOneByALostKey_IsInsteadOfThatOne(bool usualIsDead)
    {
        var dead = samples.By(usualIsDead ? Https : Bare, 1);
        var valid = samples.By(usualIsDead ? Bare : Https, 2);

        Assert.Same(dead, Assert.IsType<AttestationPlace.InsteadOf>(Choose(samples.Attestor(2, 3), dead, valid)).Dead);
    }

    [Fact]
    public void Choose_BothTakenByValidOnes_IsBesideOneAndNamesTheOther()
    {
        var (first, second) = (samples.By(Https, 1), samples.By(Bare, 2));

        var beside = Assert.IsType<AttestationPlace.Beside>(Choose(samples.Attestor(1, 2, 3), second, first));

        Assert.Same(first, beside.Standing);
        Assert.Equal(second.Name, beside.Spare);
    }

    [Fact]
    public void Choose_EverythingRefusedAndOneValidElsewhere_IsBesideIt()
    {
        var valid = samples.By($"https://gcr.io/acme-prod/copy@{SignedSamples.Image.Digest}", 1);

        var place = AttestationPlace.Choose(SignedSamples.Image, [valid], samples.Attestor(1), new HashSet<string> { Https, Bare });

        Assert.Equal(new AttestationPlace.Beside(valid, null), place);
    }

    [Fact]
    public void Choose_BothTakenByWhatCannotBeVerifiedHere_IsNone()
    {
        const string pgp = "AAAABBBBCCCCDDDDEEEEFFFF0000111122223333";
        var attestor = samples.AttestorWithPgp(pgp, 2);

        Assert.IsType<AttestationPlace.None>(Choose(attestor, samples.With(Https, new AttestationSignature(pgp, new byte[9])), samples.With(Bare, new AttestationSignature("ni:///sha-256;x", new byte[9]))));
    }

    [Fact]
    public void Choose_SignatureThatIsBroken_IsInsteadOfIt()
    {
        var broken = samples.With(Https, new AttestationSignature(SignedSamples.Version(2).PublicKeyId, new byte[70]));

        Assert.Same(broken, Assert.IsType<AttestationPlace.InsteadOf>(Choose(samples.Attestor(2), broken, samples.By(Bare, 2))).Dead);
    }

    [Fact]
    public void With_Beside_KeepsPayloadAndOtherSignatures()
    {
        var standing = samples.By(Https, 1, 2);
        var place = new AttestationPlace.Beside(standing, null);
        var added = samples.Signature(3, standing.Payload.ToArray());

        var changed = place.With(SignedSamples.Image, SignedSamples.Note, added);

        Assert.Equal(standing.Name, changed.Name);
        Assert.Equal(standing.Payload, place.Payload(SignedSamples.Image));
        Assert.Equal([.. standing.Signatures, added], changed.Signatures);
    }

    [Fact]
    public void With_BesideABrokenSignatureOfTheSameKey_ReplacesIt()
    {
        var standing = samples.With(Https, [.. samples.By(Https, 1).Signatures, new AttestationSignature(SignedSamples.Version(3).PublicKeyId, new byte[70])]);
        var added = samples.Signature(3, standing.Payload.ToArray());

        Assert.Equal([standing.Signatures[0], added], new AttestationPlace.Beside(standing, null).With(SignedSamples.Image, SignedSamples.Note, added).Signatures);
    }

    public void Dispose() => samples.Dispose();

    private static AttestationPlace Choose(Attestor attestor, params IReadOnlyList<Attestation> existing) =>
        AttestationPlace.Choose(SignedSamples.Image, existing, attestor, new HashSet<string>());
}
