using System.Globalization;
using BinAuthz.Attestations;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Keys;
using BinAuthz.Rotation;
using State = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionState;

namespace BinAuthz.Tests.Rotation;

/// <summary>A state for <see cref="RotationPolicy"/>, put together from lines that name versions, keys and images; dates are text.</summary>
internal sealed class RotationScene
{
    public const string Pem = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEakDFz3vWYQA5ymJPfzwgWNznD1Q1\n1xGb4Ep6TddQj6aVNGGSE900mQeu/LCf5xg8SQuZpYIkRBBNKIFfQOl41w==\n-----END PUBLIC KEY-----\n";
    public const string ForeignId = "ni:///sha-256;EwVxs8fNUAHq9FI2AMfh8WNIXVBuuTMeGtPH72U-I70";
    public static readonly SignatureAlgorithm P256 = SignatureAlgorithm.Default;
    public static readonly SignatureAlgorithm Rsa = SignatureAlgorithm.Parse("rsa-sign-pkcs1-4096-sha512");
    public static readonly KeyName Key = KeyName.Parse("projects/p/locations/us/keyRings/r/cryptoKeys/k");
    public static readonly AttestorName Attestor = AttestorName.Parse("projects/p/attestors/a");
    public static readonly RotationWindows Usual = new(TimeSpan.FromDays(90), TimeSpan.FromMinutes(5), TimeSpan.FromDays(7), TimeSpan.FromDays(30), null);

    public SignatureAlgorithm? Template { get; set; } = P256;

    public List<KeyVersionDescription> Versions { get; } = [];

    public List<AttestorKey> Keys { get; } = [];

    public List<KeyRecord> Records { get; } = [];

    public List<LiveImage> Attested { get; } = [];

    public List<AffectedImage> Affected { get; } = [];

    public List<TaintedImage> Tainted { get; } = [];

    /// <summary>The state with everything that was read.</summary>
    public RotationState ToState() => new(
        new Attestor(Attestor, NoteName.Parse("projects/p/notes/a"), [.. Keys], "etag"), Key, Template, [.. Versions], [.. Records.OrderBy(record => record.At)], new LiveImages([.. Attested], [.. Affected], []) { Tainted = [.. Tainted] });

    public static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    /// <summary>A version: listed on the attestor if <paramref name="since"/> is given (empty: without a comment), with the records that are named.</summary>
    public static Action<RotationScene> Version(
        long number, string created, string? since = null, State state = State.Enabled, string? seen = null, string? retired = null, string? revoked = null, SignatureAlgorithm? algorithm = null, bool imported = false, bool unrecorded = false, bool cleared = true) => scene =>
    {
        var name = Key.Version(number);
        scene.Versions.Add(new KeyVersionDescription(name, state, algorithm ?? P256) { Created = At(created), IsImported = imported, Failure = state == State.GenerationFailed ? "no entropy" : "" });
        if (since is not null)
        {
            scene.Keys.Add(new AttestorKey(name.PublicKeyId, Pem, P256, since.Length == 0 ? "" : $"trusted since {At(since):yyyy-MM-dd'T'HH:mm:ss'Z'}, because"));
        }

        scene.Record(name, KeyRecordKind.Trusted, seen ?? (since is null || unrecorded ? null : since.Length == 0 ? created : since));
        scene.Record(name, KeyRecordKind.Retired, retired);
        scene.Record(name, KeyRecordKind.Revoked, revoked);
        scene.Record(name, KeyRecordKind.Cleared, cleared ? revoked : null);
    };

    /// <summary>A live image whose attestations the keys of these versions verify; 0 is a key of somebody else.</summary>
    public static Action<RotationScene> Image(string name, params long[] by) => scene =>
        scene.Attested.Add(new LiveImage(Reference(name), by.Select(number => number == 0 ? ForeignId : Key.Version(number).PublicKeyId).ToHashSet(), IsRunning: false));

    /// <summary>An image that lost its last attestation with a revoked version.</summary>
    public static Action<RotationScene> Lost(string name, long by, bool predates = true, bool weighed = false) => scene =>
        scene.Affected.Add(new AffectedImage(Reference(name), Key.Version(by), At("2026-01-02"), predates, weighed, IsRunning: false));

    /// <summary>A live image that was signed anew for the sake of an attestation that others may have made with a version.</summary>
    public static Action<RotationScene> Forged(string name, long by, long from) => scene =>
    {
        Image(name, by)(scene);
        scene.Tainted.Add(new TaintedImage(Reference(name), Key.Version(from)));
    };

    public static Action<RotationScene> ForeignKey(string id = ForeignId) => scene => scene.Keys.Add(new AttestorKey(id, Pem, P256, ""));

    public static Action<RotationScene> Making(SignatureAlgorithm? template) => scene => scene.Template = template;

    /// <summary>The decision in a few words, such as <c>distrust 1</c>.</summary>
    public static string Decide(string now, params Action<RotationScene>[] given) => Decide(now, Usual, given);

    public static string Decide(string now, RotationWindows windows, params Action<RotationScene>[] given)
    {
        var scene = new RotationScene();
        foreach (var line in given)
        {
            line(scene);
        }

        return Words(RotationPolicy.Decide(At(now), scene.ToState(), windows));
    }

    public static string Words(RotationStep step) => step switch
    {
        RotationStep.Nothing nothing => $"nothing until {Time(nothing.Until)}",
        RotationStep.RecordTrust record => $"record {record.Version.Version}",
        RotationStep.CreateVersion create => $"create {create.Algorithm.KmsName}",
        RotationStep.AwaitGeneration await => $"await {await.Version.Version}",
        RotationStep.Trust trust => $"trust {trust.Version.Version}",
        RotationStep.Propagate propagate => $"propagate {propagate.Version.Version} until {Time(propagate.Until)}",
        RotationStep.Resign resign => $"resign by {resign.Version.Version}: {Names(resign.Images)} weigh: {Names(resign.Reconsidered)}",
        RotationStep.Withdraw withdraw => $"withdraw what {withdraw.Version.Version} left: {Names(withdraw.Images)}",
        RotationStep.RecordClear clear => $"clear {clear.Version.Version}",
        RotationStep.Distrust distrust => $"distrust {distrust.Version.Version}{(distrust.IsRevoked ? " revoked" : "")}",
        RotationStep.Disable disable => $"disable {disable.Version.Version}",
        RotationStep.ScheduleDestroy destroy => $"destroy {destroy.Version.Version}",
        RotationStep.Blocked blocked => $"blocked: {blocked.Reason}",
        _ => step.Code,
    };

    private void Record(KeyVersionName version, KeyRecordKind kind, string? at)
    {
        if (at is not null)
        {
            Records.Add(new KeyRecord(version, kind, At(at), Pem, P256, "because") { CompromisedSince = kind == KeyRecordKind.Revoked ? At(at) : null });
        }
    }

    private static ImageReference Reference(string name) => ImageReference.Parse($"europe-docker.pkg.dev/p/app/{name}@sha256:{new string('a', 64)}");

    private static string Names(IEnumerable<ImageReference> images) => string.Join(' ', images.Select(image => image.Repository.Split('/')[^1]).DefaultIfEmpty("none"));

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
