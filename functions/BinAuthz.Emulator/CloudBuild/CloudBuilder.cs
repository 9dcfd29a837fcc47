using System.Security.Cryptography;
using System.Text;
using BinAuthz.Emulator.ArtifactRegistry;
using BinAuthz.Emulator.ContainerAnalysis;
using BinAuthz.Emulator.Kms;
using Google.Protobuf;
using Grafeas.V1;
using Microsoft.AspNetCore.Http;

namespace BinAuthz.Emulator.CloudBuild;

/// <summary>Leaves what Cloud Build leaves of a build: a BUILD note and an occurrence with signed provenance.</summary>
internal sealed class CloudBuilder(NoteStore notes, OccurrenceStore occurrences, IKeyVault vault, TimeProvider time)
{
    private const string PayloadType = "application/vnd.in-toto+json";
    private const string KeyId = "projects/verified-builder/locations/global/keyRings/attestor/cryptoKeys/google-hosted-worker/cryptoKeyVersions/1";

    /// <summary>Answers with the occurrence, or 400 with what is wrong.</summary>
    public IResult Build(BuildRequest request)
    {
        if (Image(request) is not { } image)
        {
            return Refused($"\"image\" is \"{request.Image}\"; LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE@sha256:DIGEST is expected.");
        }

        if (string.IsNullOrEmpty(request.SourceUri) || string.IsNullOrEmpty(request.Ref) || string.IsNullOrEmpty(request.Commit))
        {
            return Refused("A build has a \"sourceUri\", a \"ref\" and a \"commit\".");
        }

        return Results.Text(JsonFormatter.Default.Format(Record(request, image)), "application/json");
    }

    private Occurrence Record(BuildRequest request, ImageLocation image)
    {
        var buildId = Guid.NewGuid().ToString();
        var statement = BuildProvenanceStatement.Json(request, image, buildId, time.GetUtcNow());
        var note = notes.Create($"projects/{image.Project}", $"intoto_slsa_v1_{buildId}", new Note { Build = new BuildNote { BuilderVersion = "GoogleHostedWorker" } });
        return occurrences.Create($"projects/{image.Project}", new Occurrence
        {
            ResourceUri = "https://" + request.Image,
            NoteName = note.Name,
            Build = new BuildOccurrence { InTotoSlsaProvenanceV1 = InTotoSlsaProvenanceV1.Parser.ParseJson(statement) },
            Envelope = Sign(Encoding.UTF8.GetBytes(statement)),
        });
    }

    private Envelope Sign(byte[] payload) => new()
    {
        Payload = ByteString.CopyFrom(payload),
        PayloadType = PayloadType,
        Signatures = { new EnvelopeSignature { Sig = ByteString.CopyFrom(vault.Sign(KeyId, SHA256.HashData(PreAuthenticationEncoding(payload)))), Keyid = KeyId } },
    };

    // DSSE signs the type together with the payload.
    private static byte[] PreAuthenticationEncoding(byte[] payload) =>
        [.. Encoding.UTF8.GetBytes($"DSSEv1 {PayloadType.Length} {PayloadType} {payload.Length} "), .. payload];

    private static ImageLocation? Image(BuildRequest request) =>
        request.Image?.Split('@') is [var reference, var digest] && Digests.IsDigest(digest) ? ImageLocation.OfReference(reference) : null;

    private static IResult Refused(string message) => Results.Json(new { error = message }, statusCode: StatusCodes.Status400BadRequest);
}
