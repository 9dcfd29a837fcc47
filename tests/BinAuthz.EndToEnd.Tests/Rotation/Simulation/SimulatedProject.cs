using System.Net;
using System.Net.Http.Json;
using BinAuthz.Attestations;
using BinAuthz.Images;
using BinAuthz.Keys;
using BinAuthz.Setup;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grafeas.V1;
using Authz = Google.Cloud.BinaryAuthorization.V1;
using GrafeasApi = Grafeas.V1.Grafeas;
using Kms = Google.Cloud.Kms.V1;
using PubSub = Google.Cloud.PubSub.V1;
using State = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionState;

namespace BinAuthz.EndToEnd.Tests.Rotation.Simulation;

/// <summary>A project as people and observers reach it: with Google's APIs, and none of the product's clients.</summary>
internal sealed class SimulatedProject(SimulationSite site, string id)
{
    public const string Location = "us-central1";
    private readonly Kms.KeyManagementService.KeyManagementServiceClient kms = new(site.Channel);
    private readonly Authz.BinauthzManagementServiceV1.BinauthzManagementServiceV1Client authorization = new(site.Channel);
    private readonly GrafeasApi.GrafeasClient analysis = new(site.Channel);
    private readonly PubSub.Subscriber.SubscriberClient subscriber = new(site.Channel);
    private readonly Dictionary<string, Authz.AttestorPublicKey> seen = [];

    public string Id => id;

    public AttestorName Attestor { get; } = DeploymentEnvironment.Production.Attestor(id);

    public NoteName Note { get; } = DeploymentEnvironment.Production.Note(id);

    public KeyName Key { get; } = DeploymentEnvironment.Production.Key(id, Location);

    private string Subscription => $"projects/{id}/subscriptions/resign";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Makes what <c>binauthz setup</c> makes, and a subscription to what the rotator asks of the signer.</summary>
    public async Task SetUpAsync(TrustSetup setup)
    {
        await setup.ApplyAsync(new SetupRequest(id, DeploymentEnvironment.Production, Location, SignatureAlgorithm.Parse("ec-sign-p256-sha256")), new Progress<SetupStep>(), Cancellation);
        var topic = $"projects/{id}/topics/production-resign";
        await subscriber.CreateSubscriptionAsync(new PubSub.Subscription { Name = Subscription, Topic = topic, AckDeadlineSeconds = 600 }, cancellationToken: Cancellation);
    }

    /// <summary>What the rotator has asked for since the last time.</summary>
    public async Task<IReadOnlyList<ByteString>> TakeMessagesAsync()
    {
#pragma warning disable CS0612 // Without waiting: everything has been published.
        var pull = new PubSub.PullRequest { Subscription = Subscription, MaxMessages = 1000, ReturnImmediately = true };
#pragma warning restore CS0612
        var received = (await subscriber.PullAsync(pull, cancellationToken: Cancellation)).ReceivedMessages;
        if (received.Count > 0)
        {
            var acknowledge = new PubSub.AcknowledgeRequest { Subscription = Subscription };
            acknowledge.AckIds.AddRange(received.Select(each => each.AckId));
            await subscriber.AcknowledgeAsync(acknowledge, cancellationToken: Cancellation);
        }

        return [.. received.Select(each => each.Message.Data)];
    }

    /// <summary>The ids of the attestor's keys.</summary>
    public async Task<IReadOnlySet<string>> ListedAsync()
    {
        var keys = (await GetAttestorAsync()).UserOwnedGrafeasNote.PublicKeys;
        foreach (var key in keys)
        {
            seen[key.Id] = key;
        }

        return keys.Select(key => key.Id).ToHashSet();
    }

    /// <summary>The ids of the keys that have signed attestations, for each digest.</summary>
    public async Task<ILookup<string, string>> AttestedAsync()
    {
        var page = await analysis.ListNoteOccurrencesAsync(new ListNoteOccurrencesRequest { Name = Note.ToString(), PageSize = 1000 }, cancellationToken: Cancellation);
        return page.Occurrences
            .SelectMany(occurrence => occurrence.Attestation.Signatures.Select(signature => (Digest: occurrence.ResourceUri[(occurrence.ResourceUri.IndexOf('@', StringComparison.Ordinal) + 1)..], signature.PublicKeyId)))
            .ToLookup(each => each.Digest, each => each.PublicKeyId);
    }

    public async Task<IReadOnlyList<Kms.CryptoKeyVersion>> VersionsAsync() =>
        [.. (await kms.ListCryptoKeyVersionsAsync(new Kms.ListCryptoKeyVersionsRequest { Parent = Key.ToString(), PageSize = 1000 }, cancellationToken: Cancellation)).CryptoKeyVersions];

    /// <summary>Asks the cluster for a pod of all these images, which is not made.</summary>
    /// <returns>Why not; empty: it could be.</returns>
    public async Task<string> RefusalAsync(IEnumerable<ImageReference> images, bool dryRun = true)
    {
        var pod = new
        {
            apiVersion = "v1",
            kind = "Pod",
            metadata = new { generateName = "web-" },
            spec = new { containers = images.Select((image, index) => new { name = $"c{index}", image = image.ToString() }) },
        };
        using var response = await site.Http.PostAsJsonAsync($"clusters/{id}/{Location}/prod/api/v1/namespaces/default/pods{(dryRun ? "?dryRun=All" : "")}", pod, Cancellation);
        if (response.StatusCode == HttpStatusCode.Created)
        {
            return "";
        }

        var refusal = await response.Content.ReadAsStringAsync(Cancellation);
        return response.StatusCode == HttpStatusCode.Forbidden ? refusal : throw new InvalidOperationException($"The cluster answered {response.StatusCode}: {refusal}");
    }

    public Task DisableAsync(string version) => kms.UpdateCryptoKeyVersionAsync(
        new Kms.UpdateCryptoKeyVersionRequest { CryptoKeyVersion = new Kms.CryptoKeyVersion { Name = version, State = State.Disabled }, UpdateMask = new FieldMask { Paths = { "state" } } }, cancellationToken: Cancellation).ResponseAsync;

    public Task ScheduleDestroyAsync(string version) => kms.DestroyCryptoKeyVersionAsync(new Kms.DestroyCryptoKeyVersionRequest { Name = version }, cancellationToken: Cancellation).ResponseAsync;

    public Task CreateVersionAsync() => kms.CreateCryptoKeyVersionAsync(new Kms.CreateCryptoKeyVersionRequest { Parent = Key.ToString(), CryptoKeyVersion = new Kms.CryptoKeyVersion() }, cancellationToken: Cancellation).ResponseAsync;

    public Task RemoveKeyAsync(string keyId) => ChangeAsync(keys => keys.Remove(keys.Single(key => key.Id == keyId)));

    /// <summary>Puts a key back that the attestor once had.</summary>
    public Task PutBackAsync(string keyId) => ChangeAsync(keys => keys.Add(seen[keyId]));

    /// <summary>Adds a key that is not of Cloud KMS.</summary>
    public Task AddForeignKeyAsync(string keyId) => ChangeAsync(keys => keys.Add(new Authz.AttestorPublicKey { Id = keyId, Comment = "by hand", PkixPublicKey = keys.Count > 0 ? keys[0].PkixPublicKey.Clone() : seen.Values.First().PkixPublicKey.Clone() }));

    /// <summary>The keys that the attestor once had and has no more.</summary>
    public IEnumerable<string> RemovedFrom(IReadOnlySet<string> listed) => seen.Keys.Where(key => !listed.Contains(key)).Order(StringComparer.Ordinal);

    /// <summary>Attests an image with a version of which somebody has got hold.</summary>
    public async Task ForgeAsync(ImageReference image, string version)
    {
        var payload = AttestationPayload.Create(image);
        var digest = ByteString.CopyFrom(System.Security.Cryptography.SHA256.HashData(payload));
        var signed = await kms.AsymmetricSignAsync(new Kms.AsymmetricSignRequest { Name = version, Digest = new Kms.Digest { Sha256 = digest } }, cancellationToken: Cancellation);
        var occurrence = new Occurrence
        {
            NoteName = Note.ToString(),
            ResourceUri = $"https://{image}",
            Kind = NoteKind.Attestation,
            Attestation = new AttestationOccurrence
            {
                SerializedPayload = ByteString.CopyFrom(payload),
                Signatures = { new Signature { PublicKeyId = KeyIdOf(version), Signature_ = signed.Signature } },
            },
        };
        await analysis.CreateOccurrenceAsync(new CreateOccurrenceRequest { Parent = $"projects/{id}", Occurrence = occurrence }, cancellationToken: Cancellation);
    }

    /// <summary>The public key id of a version.</summary>
    public static string KeyIdOf(string version) => $"//cloudkms.googleapis.com/v1/{version}";

    private async Task<Authz.Attestor> GetAttestorAsync() => await authorization.GetAttestorAsync(new Authz.GetAttestorRequest { Name = Attestor.ToString() }, cancellationToken: Cancellation);

    private async Task ChangeAsync(Action<Google.Protobuf.Collections.RepeatedField<Authz.AttestorPublicKey>> change)
    {
        var attestor = await GetAttestorAsync();
        change(attestor.UserOwnedGrafeasNote.PublicKeys);
        await authorization.UpdateAttestorAsync(new Authz.UpdateAttestorRequest { Attestor = attestor }, cancellationToken: Cancellation);
    }
}
