using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using BinAuthz.Images;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Net.Client;
using Ca = Grafeas.V1;
using GrafeasApi = Grafeas.V1.Grafeas;
using Kms = Google.Cloud.Kms.V1;

namespace BinAuthz.EndToEnd.Tests.Signing;

/// <summary>BUILD occurrences as an attacker with write access to Container Analysis leaves them, through the APIs themselves.</summary>
internal sealed class BuildRecords(SigningWorld world) : IDisposable
{
    public const string BuilderKey = "projects/verified-builder/locations/global/keyRings/attestor/cryptoKeys/google-hosted-worker/cryptoKeyVersions/1";
    private const string InToto = "application/vnd.in-toto+json";

    private readonly GrpcChannel channel = GrpcChannel.ForAddress(world.Emulator.GrpcEndpoint);

    private GrafeasApi.GrafeasClient Analysis => new(channel);

    private Kms.KeyManagementService.KeyManagementServiceClient Keys => new(channel);

    /// <summary>What Cloud Build stored about an image.</summary>
    public async Task<Ca.Occurrence> GenuineAsync(ImageReference image)
    {
        var request = new Ca.ListOccurrencesRequest { Parent = $"projects/{SigningWorld.Project}", Filter = $"kind=\"BUILD\" AND resourceUrl=\"{image.ResourceUri}\"" };
        var page = await Analysis.ListOccurrencesAsync(request, cancellationToken: TestContext.Current.CancellationToken);
        return Assert.Single(page.Occurrences);
    }

    /// <summary>Stores another envelope in the place of the genuine one.</summary>
    public async Task ReplaceAsync(Ca.Occurrence genuine, Ca.Envelope envelope)
    {
        await Analysis.DeleteOccurrenceAsync(new Ca.DeleteOccurrenceRequest { Name = genuine.Name }, cancellationToken: TestContext.Current.CancellationToken);
        var forged = genuine.Clone();
        forged.Name = "";
        forged.Envelope = envelope;
        await Analysis.CreateOccurrenceAsync(
            new Ca.CreateOccurrenceRequest { Parent = $"projects/{SigningWorld.Project}", Occurrence = forged }, cancellationToken: TestContext.Current.CancellationToken);
    }

    /// <summary>The genuine statement with a change, signed well by the builder's own key: what a tricked builder would sign.</summary>
    public async Task<Ca.Envelope> SignedByBuilderAsync(Ca.Occurrence genuine, Action<JsonNode> change)
    {
        var payload = Changed(genuine, change);
        var request = new Kms.AsymmetricSignRequest { Name = BuilderKey, Digest = new Kms.Digest { Sha256 = ByteString.CopyFrom(SHA256.HashData(Covered(payload))) } };
        var answer = await Keys.AsymmetricSignAsync(request, cancellationToken: TestContext.Current.CancellationToken);
        return Envelope(payload, BuilderKey, answer.Signature);
    }

    /// <summary>The genuine statement, signed by a key that nobody trusts.</summary>
    public static Ca.Envelope SignedByForeignKey(Ca.Occurrence genuine, string keyId)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var payload = genuine.Envelope.Payload.ToByteArray();
        return Envelope(payload, keyId, ByteString.CopyFrom(key.SignData(Covered(payload), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)));
    }

    /// <summary>A changed statement under the genuine signature.</summary>
    public static Ca.Envelope Altered(Ca.Occurrence genuine, Action<JsonNode> change) =>
        new(genuine.Envelope) { Payload = ByteString.CopyFrom(Changed(genuine, change)) };

    /// <summary>The genuine statement without its signature.</summary>
    public static Ca.Envelope Unsigned(Ca.Occurrence genuine) => new() { Payload = genuine.Envelope.Payload, PayloadType = genuine.Envelope.PayloadType };

    /// <summary>Enables or disables the builder's key version.</summary>
    public async Task SetBuilderKeyAsync(Kms.CryptoKeyVersion.Types.CryptoKeyVersionState state) =>
        await Keys.UpdateCryptoKeyVersionAsync(
            new Kms.UpdateCryptoKeyVersionRequest
            {
                CryptoKeyVersion = new Kms.CryptoKeyVersion { Name = BuilderKey, State = state },
                UpdateMask = new FieldMask { Paths = { "state" } },
            },
            cancellationToken: TestContext.Current.CancellationToken);

    public void Dispose() => channel.Dispose();

    private static byte[] Changed(Ca.Occurrence genuine, Action<JsonNode> change)
    {
        var statement = JsonNode.Parse(genuine.Envelope.Payload.Span)!;
        change(statement);
        return Encoding.UTF8.GetBytes(statement.ToJsonString());
    }

    private static Ca.Envelope Envelope(byte[] payload, string keyId, ByteString signature) => new()
    {
        Payload = ByteString.CopyFrom(payload),
        PayloadType = InToto,
        Signatures = { new Ca.EnvelopeSignature { Keyid = keyId, Sig = signature } },
    };

    private static byte[] Covered(byte[] payload) => [.. Encoding.UTF8.GetBytes($"DSSEv1 {InToto.Length} {InToto} {payload.Length} "), .. payload];
}
