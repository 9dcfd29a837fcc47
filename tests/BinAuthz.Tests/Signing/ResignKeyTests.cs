using BinAuthz.Attestations;
using BinAuthz.Keys;
using BinAuthz.Signing;

namespace BinAuthz.Tests.Signing;

public sealed class ResignKeyTests : IDisposable
{
    private readonly SignedSamples samples = new();

    [Fact]
    public void TryChoose_WhatSignsNow_IsTaken() => Assert.Equal(SignedSamples.Version(2), Choose(2, signs: 2, 1, 2));

    [Fact]
    public void TryChoose_NewerVersionSignsSince_IsTaken() => Assert.Equal(SignedSamples.Version(3), Choose(2, signs: 3, 2, 3));

    [Fact]
    public void TryChoose_VersionThatLostTrust_SignsNothing()
    {
        Assert.False(ResignKey.TryChoose(SignedSamples.Version(2), Trust(1, 1), out var signer, out var reason));

        Assert.Null(signer);
        Assert.Contains(SignedSamples.Version(2).ToString(), reason, StringComparison.Ordinal);
    }

    [Fact]
    public void TryChoose_OlderVersionSignsStill_IsTooEarly()
    {
        var error = Assert.Throws<NotYetException>(() => Choose(2, signs: 1, 1, 2));

        Assert.Contains("propagation window", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryChoose_NoneMaySign_SaysWhy()
    {
        var trust = Trust(1, 1) with { Signer = null, Problem = "the problem" };

        var error = Assert.Throws<SigningException>(() => ResignKey.TryChoose(SignedSamples.Version(1), trust, out _, out _));

        Assert.Equal("the problem", error.Message);
    }

    [Fact]
    public void TryChoose_AnotherKey_IsForTheOperator()
    {
        var other = new KeyVersionName(KeyName.Parse("projects/acme-prod/locations/us-central1/keyRings/r/cryptoKeys/other"), 1);
        var trust = Trust(1, 1);
        var both = trust with { Attestor = trust.Attestor with { Keys = [.. trust.Attestor.Keys, new AttestorKey(other.PublicKeyId, null, null, "")] } };

        var error = Assert.Throws<SigningException>(() => ResignKey.TryChoose(other, both, out _, out _));

        Assert.Contains("the same key", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => samples.Dispose();

    private KeyVersionName Choose(int wanted, int signs, params int[] trusted) =>
        ResignKey.TryChoose(SignedSamples.Version(wanted), Trust(signs, trusted), out var signer, out _) ? signer.Version : throw new InvalidOperationException("Nothing was chosen.");

    private SigningTrust Trust(int signs, params int[] trusted)
    {
        var attestor = samples.Attestor(trusted);
        Assert.True(attestor.Keys[0].TryImport(out var key, out _));
        return new SigningTrust(attestor, new AttestationVerifier(attestor), new SigningKeySelection.Selected(SignedSamples.Version(signs), SignatureAlgorithm.Default, key), null);
    }
}
