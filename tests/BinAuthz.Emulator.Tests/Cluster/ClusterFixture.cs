using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using BinAuthz.Emulator.Tests.BinaryAuthorization;
using Google.Cloud.BinaryAuthorization.V1;
using Google.Protobuf;
using Grafeas.V1;
using Microsoft.Extensions.Time.Testing;
using GrafeasApi = Grafeas.V1.Grafeas;

namespace BinAuthz.Emulator.Tests.Cluster;

/// <summary>A cluster in a project of its own, and an attestor there with its key.</summary>
public sealed class ClusterFixture : IDisposable
{
    /// <summary>What stands for the attestor in a policy.</summary>
    public const string AttestorPlace = "ATTESTOR";
    public const string DebugImage = "us-docker.pkg.dev/acme-prod/apps/debug@sha256:ceffe727ab2fa2c7c3322ee4a1aa0c2d2a4664836c2133df93dd15055bb617be";
    public const string WebImage = "us-docker.pkg.dev/acme-prod/apps/web@sha256:708a5f9d8de66561de5129583928203b05587db98b695fa982ec4a5b8a3e94bc";
    public const string DefaultPods = "/api/v1/namespaces/default/pods";
    public const string Deny = """{"evaluationMode":"ALWAYS_DENY","enforcementMode":"ENFORCED_BLOCK_AND_AUDIT_LOG"}""";
    public const string Allow = """{"evaluationMode":"ALWAYS_ALLOW","enforcementMode":"ENFORCED_BLOCK_AND_AUDIT_LOG"}""";
    public const string Require = $$"""{"evaluationMode":"REQUIRE_ATTESTATION","enforcementMode":"ENFORCED_BLOCK_AND_AUDIT_LOG","requireAttestationsBy":["{{AttestorPlace}}"]}""";
    private const string KeyId = "//cloudkms.googleapis.com/v1/projects/acme-security/locations/us-central1/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1";

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private ClusterFixture(TestEmulator emulator, FakeTimeProvider time, string project)
    {
        Emulator = emulator;
        Time = time;
        Project = project;
    }

    public TestEmulator Emulator { get; }

    /// <summary>The emulator's clock, which stands still until it is moved.</summary>
    public FakeTimeProvider Time { get; }

    public string Project { get; }

    public string Attestor => $"projects/{Project}/attestors/release";

    public string Note => $"projects/{Project}/notes/release-signed";

    /// <summary>The cluster's path.</summary>
    public string Server => $"/clusters/{Project}/us-central1/{Project}-gke";

    private static CancellationToken Stop => TestEmulator.Stop;

    /// <summary>A cluster, and with a policy also the attestor.</summary>
    public static async Task<ClusterFixture> CreateAsync(TestEmulator emulator, FakeTimeProvider time, string project, string? policy)
    {
        var fixture = new ClusterFixture(emulator, time, project);
        if (policy is not null)
        {
            await fixture.CreateAttestorAsync();
            await fixture.SetPolicyAsync(policy);
        }

        return fixture;
    }

    /// <summary>Sets the project's policy: either one rule, which becomes the default rule, or a whole document.</summary>
    public async Task SetPolicyAsync(string json)
    {
        var policy = JsonNode.Parse(json.Replace(AttestorPlace, Attestor, StringComparison.Ordinal))!.AsObject();
        if (policy["defaultAdmissionRule"] is null)
        {
            policy = new JsonObject { ["defaultAdmissionRule"] = policy };
        }

        policy["name"] = $"projects/{Project}/policy";
        var (status, answer) = await Emulator.SendAsync(HttpMethod.Put, $"/v1/projects/{Project}/policy", policy.ToJsonString());
        Assert.True(status == 200, answer.ToString());
    }

    /// <summary>Stores a valid attestation of an image.</summary>
    public async Task AttestAsync(string image)
    {
        var payload = Encoding.UTF8.GetBytes($$$"""{"critical":{"identity":{"docker-reference":"{{{image.Split('@')[0]}}}"},"image":{"docker-manifest-digest":"{{{image.Split('@')[1]}}}"},"type":"Google cloud binauthz container signature"}}""");
        var signature = key.SignData(payload, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        await new GrafeasApi.GrafeasClient(Emulator.Channel).CreateOccurrenceAsync(
            new CreateOccurrenceRequest
            {
                Parent = $"projects/{Project}",
                Occurrence = new Occurrence
                {
                    NoteName = Note,
                    ResourceUri = $"https://{image}",
                    Attestation = new AttestationOccurrence
                    {
                        SerializedPayload = ByteString.CopyFrom(payload),
                        Signatures = { new Signature { PublicKeyId = KeyId, Signature_ = ByteString.CopyFrom(signature) } },
                    },
                },
            },
            cancellationToken: Stop);
    }

    /// <summary>Sends a request to the cluster and returns the JSON of the answer.</summary>
    public async Task<(int Status, JsonNode Json)> SendAsync(HttpMethod method, string path, string? body = null, string type = "application/json", string? user = null, string? accept = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(Server + path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        }

        request.Headers.TryAddWithoutValidation("Impersonate-User", user);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        request.Headers.TryAddWithoutValidation("User-Agent", "kubectl/v1.33.2 (linux/amd64) kubernetes/a1b2c3d");
        using var response = await Emulator.Rest.SendAsync(request, Stop);
        return ((int)response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonNode>(Stop))!);
    }

    public Task<(int Status, JsonNode Json)> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<(int Status, JsonNode Json)> PostAsync(string path, string body) => SendAsync(HttpMethod.Post, path, body);

    public async Task<(int Status, JsonNode Json)> RunAsync(string image, string name = "test") => await PostAsync(DefaultPods, Pod(name, image));

    /// <summary>Creates a namespace.</summary>
    public async Task CreateNamespaceAsync(string name) => await PostAsync("/api/v1/namespaces", $$$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{{name}}}"}}""");

    /// <summary>What the audit log tells of pods.</summary>
    public async Task<IReadOnlyList<JsonNode>> PodEntriesAsync()
    {
        var (_, json) = await Emulator.SendAsync(HttpMethod.Post, "/v2/entries:list", new JsonObject
        {
            ["resourceNames"] = new JsonArray($"projects/{Project}"),
            ["filter"] = "protoPayload.methodName:\"io.k8s.core.v1.pods\"",
            ["pageSize"] = 1000,
        }.ToJsonString());
        return [.. (json["entries"] as JsonArray ?? []).Select(entry => entry!)];
    }

    /// <summary>Tries refused pods again.</summary>
    public async Task RetryAsync(int times = 1) => await Emulator.SendAsync(HttpMethod.Post, $"/emulator/v1{Server}/retries?times={times}");

    public static string Pod(string name, string image, string metadata = "", string spec = "") =>
        $$$"""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{{name}}}"{{{metadata}}}},"spec":{"containers":[{"name":"main","image":"{{{image}}}"}]{{{spec}}}}}""";

    public static string Workload(string apiVersion, string kind, string name, string image, string spec = "\"replicas\":3,") =>
        $$$$$"""{"apiVersion":"{{{{{apiVersion}}}}}","kind":"{{{{{kind}}}}}","metadata":{"name":"{{{{{name}}}}}"},"spec":{{{{{{spec}}}}}"selector":{"matchLabels":{"app":"{{{{{name}}}}}"}},"template":{"metadata":{"labels":{"app":"{{{{{name}}}}}"}},"spec":{"containers":[{"name":"main","image":"{{{{{image}}}}}"}]}}}}""";

    public static string Deployment(string name, string image, string spec = "\"replicas\":3,") => Workload("apps/v1", "Deployment", name, image, spec);

    public void Dispose() => key.Dispose();

    private async Task CreateAttestorAsync()
    {
        await new GrafeasApi.GrafeasClient(Emulator.Channel).CreateNoteAsync(
            new CreateNoteRequest
            {
                Parent = $"projects/{Project}",
                NoteId = "release-signed",
                Note = new Note { Attestation = new AttestationNote { Hint = new AttestationNote.Types.Hint { HumanReadableName = "release" } } },
            },
            cancellationToken: Stop);
        await new BinauthzManagementServiceV1.BinauthzManagementServiceV1Client(Emulator.Channel).CreateAttestorAsync(
            new CreateAttestorRequest
            {
                Parent = $"projects/{Project}",
                AttestorId = "release",
                Attestor = new Attestor { UserOwnedGrafeasNote = new UserOwnedGrafeasNote { NoteReference = Note, PublicKeys = { BinauthzFixture.Key(key.ExportSubjectPublicKeyInfoPem(), id: KeyId) } } },
            },
            cancellationToken: Stop);
    }
}
