using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using BinAuthz.Attestations;
using BinAuthz.Auditing.Scanning;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Keys;
using BinAuthz.Rotation;

namespace BinAuthz.Tests.Auditing.Scanning;

/// <summary>Keys, images and attestations to scan: versions 1 and 2 are trusted, 3 was retired, 4 was revoked, 5 is on nobody's list.</summary>
internal static class ScanFacts
{
    public const string Repository = "us-central1-docker.pkg.dev/acme-prod/app/server";
    public static readonly DateTimeOffset CompromisedSince = CleanFacts.Now - TimeSpan.FromDays(3);

    private static readonly ECDsa[] Pairs = [.. Enumerable.Range(0, 6).Select(_ => ECDsa.Create(ECCurve.NamedCurves.nistP256))];

    public static KeyName Key => CleanFacts.Subject.Key;

    public static Attestor Attestor { get; } = CleanFacts.Attestor with { Keys = [Trusted(1), Trusted(2)] };

    public static IReadOnlyList<KeyRecord> Records { get; } =
    [
        Record(1, KeyRecordKind.Trusted), Record(2, KeyRecordKind.Trusted), Record(3, KeyRecordKind.Trusted), Record(3, KeyRecordKind.Retired),
        Record(4, KeyRecordKind.Trusted), Record(4, KeyRecordKind.Revoked) with { CompromisedSince = CompromisedSince },
    ];

    public static AuditKeys Keys { get; } = new(Attestor, Records);

    public static AttestorKey Trusted(long version) => new(Key.Version(version).PublicKeyId, Pem(version), SignatureAlgorithm.Default, "");

    public static string Pem(long version) => Pairs[version].ExportSubjectPublicKeyInfoPem();

    public static KeyRecord Record(long version, KeyRecordKind kind) =>
        new(Key.Version(version), kind, CleanFacts.Now - TimeSpan.FromDays(10) + TimeSpan.FromHours((int)kind), Pem(version), SignatureAlgorithm.Default, "a test");

    public static ImageReference Image(int number) => ImageReference.Parse($"{Repository}@{Digest(number)}");

    public static ImageDigest Digest(int number) => ImageDigest.Of(Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture)));

    /// <summary>A signature by a version, under the id of another perhaps.</summary>
    public static AttestationSignature Sign(long version, byte[] payload, string? id = null) =>
        new(id ?? Key.Version(version).PublicKeyId, Pairs[version].SignData(payload, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

    /// <summary>An attestation of an image by versions.</summary>
    public static Attestation Attest(int image, params long[] versions)
    {
        var payload = AttestationPayload.Create(Image(image));
        return Store(Image(image).ResourceUri, payload, [.. versions.Select(version => Sign(version, payload))]);
    }

    /// <summary>Whatever somebody stored.</summary>
    public static Attestation Store(string resource, byte[] payload, params AttestationSignature[] signatures) =>
        new($"projects/acme-prod/occurrences/{Guid.NewGuid()}", resource, Attestor.Note, payload, signatures, CleanFacts.Now - TimeSpan.FromDays(1));

    public static InspectedAttestation Inspect(Attestation attestation) => new AttestationInspector(Keys).Inspect(attestation);

    /// <summary>Images that a repository keeps.</summary>
    public static ListedImage Listed(int number, params int[] platforms) => new(Digest(number), CleanFacts.Now - TimeSpan.FromDays(2), [.. platforms.Select(Digest)])
    {
        Name = Repository,
        RunnablePlatforms = [.. platforms.Select(Digest)],
    };

    /// <summary>Images that pods run.</summary>
    public static RunningImages Running(params (int Number, string Name)[] images) => new(images.Select(image => Digest(image.Number)).ToHashSet(), images.Length)
    {
        Names = images.ToLookup(image => Digest(image.Number), image => $"{image.Name}@{Digest(image.Number)}").ToDictionary(group => group.Key, group => (IReadOnlySet<string>)group.ToHashSet()),
    };

    /// <summary>Images 0, 1, … of a repository, all of which were found.</summary>
    public static ScannedSubjects Subjects(int count) => new(ScanSubjects.Gather([[.. Enumerable.Range(0, count).Select(number => Listed(number))]], [], []), []);

    /// <summary>Decision records of all images by a version.</summary>
    public static ScannedRecords Recorded(ScannedSubjects subjects, params long[] versions) =>
        new([.. subjects.Known.Images.Select(_ => versions.Aggregate(0UL, (marks, version) => marks | Keys.MarkOfVersion(version)))]);
}
