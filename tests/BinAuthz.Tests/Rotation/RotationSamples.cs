using BinAuthz.Attestations;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Keys;
using BinAuthz.Rotation;
using State = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionState;

namespace BinAuthz.Tests.Rotation;

/// <summary>States of a rotation, put together from a few words.</summary>
internal static class RotationSamples
{
    public const string Pem = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEakDFz3vWYQA5ymJPfzwgWNznD1Q1\n1xGb4Ep6TddQj6aVNGGSE900mQeu/LCf5xg8SQuZpYIkRBBNKIFfQOl41w==\n-----END PUBLIC KEY-----\n";

    public static readonly KeyName Key = KeyName.Parse("projects/acme-prod/locations/us-central1/keyRings/production-binauthz/cryptoKeys/attestor-key");
    public static readonly DateTimeOffset Now = new(2026, 10, 1, 8, 0, 0, TimeSpan.Zero);
    public static readonly RotationWindows StandardWindows = new(TimeSpan.FromDays(90), TimeSpan.FromMinutes(5), TimeSpan.FromDays(7), TimeSpan.FromDays(30), null);

    public static KeyVersionDescription Version(long number, TimeSpan age, State state = State.Enabled, DateTimeOffset? destroyed = null) =>
        new(Key.Version(number), state, SignatureAlgorithm.Default) { Created = Now - age, Destroyed = destroyed };

    public static AttestorKey Listed(long number, TimeSpan? trustedFor = null) =>
        new(Key.Version(number).PublicKeyId, Pem, SignatureAlgorithm.Default, trustedFor is { } ago ? TrustedSince.Comment(Now - ago) : "");

    public static KeyRecord Record(long number, KeyRecordKind kind, TimeSpan ago) => new(Key.Version(number), kind, Now - ago, Pem, SignatureAlgorithm.Default, "a test");

    public static ImageReference Image(int number) => ImageReference.Parse($"us-central1-docker.pkg.dev/acme-prod/app/server@sha256:{number:x64}");

    public static LiveImage Attested(int number, params long[] versions) =>
        new(Image(number), versions.Select(version => Key.Version(version).PublicKeyId).ToHashSet(StringComparer.Ordinal), IsRunning: false);

    public static RotationState StateOf(
        IReadOnlyList<KeyVersionDescription> versions, IReadOnlyList<AttestorKey> keys, IReadOnlyList<KeyRecord>? records = null, LiveImages? live = null) => new(
            new Attestor(AttestorName.Parse("projects/acme-prod/attestors/production-attestor"), NoteName.Parse("projects/acme-prod/notes/production-note"), keys, "e1"),
            Key,
            SignatureAlgorithm.Default,
            versions,
            records ?? [],
            live);
}
