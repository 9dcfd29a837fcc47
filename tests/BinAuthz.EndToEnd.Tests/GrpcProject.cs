using BinAuthz.Emulator;
using Google.Protobuf;
using Grafeas.V1;
using Grpc.Core;
using Grpc.Net.Client;
using BinaryAuthorization = Google.Cloud.BinaryAuthorization.V1;
using GrafeasApi = Grafeas.V1.Grafeas;
using Kms = Google.Cloud.Kms.V1;

namespace BinAuthz.EndToEnd.Tests;

/// <summary>A project in an emulator, worked on through gRPC as programs do: key, note, attestor and attestations under the names of production.</summary>
internal sealed class GrpcProject : IDisposable
{
    private readonly GrpcChannel channel;
    private readonly CancellationToken cancellationToken;

    public GrpcProject(EmulatorHost emulator, string id, CancellationToken cancellationToken)
    {
        channel = GrpcChannel.ForAddress(emulator.GrpcEndpoint);
        Parent = $"projects/{id}";
        this.cancellationToken = cancellationToken;
    }

    public string Parent { get; }

    public string KeyVersion => $"{Parent}/locations/us-central1/keyRings/production-binauthz/cryptoKeys/attestor-key/cryptoKeyVersions/1";

    public string Note => $"{Parent}/notes/production-note";

    public string Attestor => $"{Parent}/attestors/production-attestor";

    private Kms.KeyManagementService.KeyManagementServiceClient KeyManagement => new(channel);

    private GrafeasApi.GrafeasClient Analysis => new(channel);

    private BinaryAuthorization.BinauthzManagementServiceV1.BinauthzManagementServiceV1Client Authorization => new(channel);

    /// <summary>Creates key ring and key, and returns the public key of its first version.</summary>
    public async Task<Kms.PublicKey> CreateKeyAsync(Kms.CryptoKeyVersion.Types.CryptoKeyVersionAlgorithm algorithm)
    {
        var location = $"{Parent}/locations/us-central1";
        await KeyManagement.CreateKeyRingAsync(new Kms.CreateKeyRingRequest { Parent = location, KeyRingId = "production-binauthz", KeyRing = new Kms.KeyRing() }, Options());
        var key = new Kms.CryptoKey { Purpose = Kms.CryptoKey.Types.CryptoKeyPurpose.AsymmetricSign, VersionTemplate = new Kms.CryptoKeyVersionTemplate { Algorithm = algorithm } };
        await KeyManagement.CreateCryptoKeyAsync(new Kms.CreateCryptoKeyRequest { Parent = $"{location}/keyRings/production-binauthz", CryptoKeyId = "attestor-key", CryptoKey = key }, Options());
        return await KeyManagement.GetPublicKeyAsync(new Kms.GetPublicKeyRequest { Name = KeyVersion }, Options());
    }

    public async Task<byte[]> SignAsync(Kms.AsymmetricSignRequest request)
    {
        request.Name = KeyVersion;
        var response = await KeyManagement.AsymmetricSignAsync(request, Options());
        return response.Signature.ToByteArray();
    }

    public async Task CreateNoteAsync()
    {
        var note = new Note { Attestation = new AttestationNote { Hint = new AttestationNote.Types.Hint { HumanReadableName = "production" } } };
        await Analysis.CreateNoteAsync(new CreateNoteRequest { Parent = Parent, NoteId = "production-note", Note = note }, Options());
    }

    public async Task CreateAttestorAsync(string publicKeyId, string pem, BinaryAuthorization.PkixPublicKey.Types.SignatureAlgorithm algorithm)
    {
        var key = new BinaryAuthorization.AttestorPublicKey { Id = publicKeyId, PkixPublicKey = new BinaryAuthorization.PkixPublicKey { PublicKeyPem = pem, SignatureAlgorithm = algorithm } };
        var attestor = new BinaryAuthorization.Attestor { Name = Attestor, UserOwnedGrafeasNote = new BinaryAuthorization.UserOwnedGrafeasNote { NoteReference = Note, PublicKeys = { key } } };
        await Authorization.CreateAttestorAsync(new BinaryAuthorization.CreateAttestorRequest { Parent = Parent, AttestorId = "production-attestor", Attestor = attestor }, Options());
    }

    /// <summary>Stores an attestation and returns it as it is stored.</summary>
    public async Task<Occurrence> AttestAsync(string resourceUri, byte[] payload, string publicKeyId, byte[] signature)
    {
        var occurrence = new Occurrence
        {
            NoteName = Note,
            ResourceUri = resourceUri,
            Kind = NoteKind.Attestation,
            Attestation = new AttestationOccurrence
            {
                SerializedPayload = ByteString.CopyFrom(payload),
                Signatures = { new Signature { PublicKeyId = publicKeyId, Signature_ = ByteString.CopyFrom(signature) } },
            },
        };
        var created = await Analysis.CreateOccurrenceAsync(new CreateOccurrenceRequest { Parent = Parent, Occurrence = occurrence }, Options());
        return await Analysis.GetOccurrenceAsync(new GetOccurrenceRequest { Name = created.Name }, Options());
    }

    /// <summary>The attestations of the note.</summary>
    public async Task<IReadOnlyList<Occurrence>> AttestationsAsync() =>
        (await Analysis.ListNoteOccurrencesAsync(new ListNoteOccurrencesRequest { Name = Note }, Options())).Occurrences;

    /// <summary>What Binary Authorization says of an attestation.</summary>
    public async Task<BinaryAuthorization.ValidateAttestationOccurrenceResponse> ValidateAsync(Occurrence occurrence)
    {
        var client = new BinaryAuthorization.ValidationHelperV1.ValidationHelperV1Client(channel);
        var request = new BinaryAuthorization.ValidateAttestationOccurrenceRequest
        {
            Attestor = Attestor,
            Attestation = occurrence.Attestation,
            OccurrenceNote = occurrence.NoteName,
            OccurrenceResourceUri = occurrence.ResourceUri,
        };
        return await client.ValidateAttestationOccurrenceAsync(request, Options());
    }

    public void Dispose() => channel.Dispose();

    private CallOptions Options() => new(cancellationToken: cancellationToken);
}
