using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using BinAuthz.Approval;
using BinAuthz.Attestations;
using BinAuthz.Decisions;
using BinAuthz.EndToEnd.Tests.Signing;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Keys;
using BinAuthz.Rotation;

namespace BinAuthz.EndToEnd.Tests.Rotation;

/// <summary>A <see cref="SigningWorld"/> in which a pod runs, with a second key on the attestor whose private half is here, and readers of what may be deployed.</summary>
public sealed class LiveImageWorld : IAsyncLifetime
{
    internal const string SecondKey = "//keys.example/second";

    private readonly ECDsa second = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private SigningWorld? world;
    private int pods;

    /// <summary>Whether a pod of an image of its own is started.</summary>
    internal bool HasPod { get; init; } = true;

    internal SigningWorld World => world ?? throw new InvalidOperationException("The fixture is not initialized.");

    internal KeyVersionName First => World.Key.Version(1);

    internal Attestor Attestor { get; private set; } = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        world = await SigningWorld.StartAsync();
        world.Emulator.Switches.RefuseDuplicateAttestations = false;
        await world.Get<BinaryAuthorizationClient>().AddKeyAsync(world.Attestor, new AttestorKey(SecondKey, second.ExportSubjectPublicKeyInfoPem(), SignatureAlgorithm.Default, ""), Stop);
        Attestor = (await world.Get<BinaryAuthorizationClient>().FindAttestorAsync(world.Attestor, Stop))!;
        if (HasPod)
        {
            await RunAsync(NewImage());
        }
    }

    public async ValueTask DisposeAsync()
    {
        second.Dispose();
        foreign.Dispose();
        if (world is not null)
        {
            await world.DisposeAsync();
        }
    }

    /// <summary>An image that nobody has pushed.</summary>
    internal static ImageReference NewImage(string name = SigningWorld.Repository) => ImageReference.Parse($"{name}@{ImageDigest.Of(RandomNumberGenerator.GetBytes(32))}");

    /// <summary>Attests with the key version of Cloud KMS.</summary>
    internal async Task AttestAsync(params ImageReference[] images)
    {
        foreach (var image in images)
        {
            var payload = AttestationPayload.Create(image);
            await StoreAsync(image, First.PublicKeyId, payload, await World.Get<KeyManagementClient>().SignAsync(First, SignatureAlgorithm.Default, payload, Stop));
        }
    }

    /// <summary>Attests with the second key of the attestor.</summary>
    internal Task AttestBySecondAsync(ImageReference image, byte[]? payload = null) => StoreAsync(image, SecondKey, payload ?? AttestationPayload.Create(image), Sign(second, payload ?? AttestationPayload.Create(image)));

    /// <summary>Attests with a key that the attestor does not list.</summary>
    internal Task AttestByForeignAsync(ImageReference image) => StoreAsync(image, "//keys.example/foreign", AttestationPayload.Create(image), Sign(foreign, AttestationPayload.Create(image)));

    /// <summary>Starts a pod in spite of all policies.</summary>
    internal async Task RunAsync(ImageReference image)
    {
        var pod = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject { ["name"] = $"pod-{++pods}", ["labels"] = new JsonObject { ["image-policy.k8s.io/break-glass"] = "true" } },
            ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "main", ["image"] = image.ToString() }) },
        };
        using var answer = await World.Http.PostAsJsonAsync($"clusters/{SigningWorld.Project}/us-central1/prod/api/v1/namespaces/default/pods", pod, Stop);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }

    /// <summary>Reads what may be deployed.</summary>
    internal Task<LiveImages> ReadAsync(Attestor? attestor = null, IReadOnlyList<KeyRecord>? records = null, Action<RotationOptions>? configure = null, TimeSpan later = default)
    {
        var options = new BinAuthzOptions();
        configure?.Invoke(options.Rotation);
        var reader = new LiveImageReader(
            World.Get<ContainerAnalysisClient>(), World.Get<ArtifactRegistryClient>(), World.Get<CloudAssetClient>(), World.Get<RefusalRecords>(), World.Get<EvidenceBucket>(), options, new ShiftedTime(later));
        return reader.ReadAsync(attestor ?? Attestor, records ?? [], Stop);
    }

    /// <summary>The attestor after the version of Cloud KMS was removed from it.</summary>
    internal Attestor WithoutFirst => Attestor with { Keys = [.. Attestor.Keys.Where(key => key.Id == SecondKey)] };

    /// <summary>That the version of Cloud KMS was revoked now.</summary>
    internal async Task<KeyRecord> RevocationAsync(DateTimeOffset since)
    {
        var (pem, algorithm) = await World.Get<KeyManagementClient>().GetPublicKeyAsync(First, Stop);
        return new KeyRecord(First, KeyRecordKind.Revoked, TimeProvider.System.GetUtcNow(), pem, algorithm!, "stolen") { CompromisedSince = since };
    }

    /// <summary>Keeps a refusal as the signer does.</summary>
    internal Task RefuseAsync(ImageReference image, DateTimeOffset at)
    {
        var decision = new Decision(at, "production", World.Attestor, image, "rejected", "no", ApprovalMode.Enforce, "sha256:0", []);
        return World.Get<RefusalRecords>().StoreAsync(World.Get<EvidenceBucket>(), decision, DecisionJson.Write(decision), Stop);
    }

    private static byte[] Sign(ECDsa key, byte[] payload) => key.SignData(payload, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    private Task<string?> StoreAsync(ImageReference image, string keyId, byte[] payload, byte[] signature) =>
        World.Get<ContainerAnalysisClient>().CreateAttestationAsync(SigningWorld.Project, new Attestation("", image.ResourceUri, World.Note, payload, [new AttestationSignature(keyId, signature)], null), Stop);
}
