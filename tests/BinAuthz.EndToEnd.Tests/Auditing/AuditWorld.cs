using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using BinAuthz.Attestations;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Reports;
using BinAuthz.EndToEnd.Tests.Signing;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Keys;
using BinAuthz.Setup;
using BinAuthz.Signing;
using Google.Protobuf;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Authz = Google.Cloud.BinaryAuthorization.V1;
using Ca = Grafeas.V1;
using GrafeasApi = Grafeas.V1.Grafeas;
using Kms = Google.Cloud.Kms.V1;

namespace BinAuthz.EndToEnd.Tests.Auditing;

/// <summary>
/// A production environment on an emulator of its own, with an image and an index that the signer signed, and the auditor. Nothing
/// is wrong with it until a test plants something.
/// </summary>
internal sealed class AuditWorld : IAsyncDisposable
{
    public const string Project = SigningWorld.Project;
    private readonly GrpcChannel channel;
    private readonly ServiceProvider services;
    private readonly ServiceProvider preparation;

    private AuditWorld(SigningWorld signing)
    {
        Signing = signing;
        channel = GrpcChannel.ForAddress(signing.Emulator.GrpcEndpoint);
        Options = new BinAuthzOptions { Endpoint = signing.Emulator.GrpcEndpoint, Principal = WorldAccess.Principal(Project, "auditor") };
        services = new ServiceCollection().AddAuditing(Options, Project).BuildServiceProvider();
        preparation = new ServiceCollection().AddAuditing(new BinAuthzOptions { Endpoint = signing.Emulator.GrpcEndpoint }, Project).BuildServiceProvider();
        Subject = new SigningIdentity("production", signing.Attestor, signing.Key);
    }

    /// <summary>The environment and its signer; with it images are pushed, built and signed.</summary>
    public SigningWorld Signing { get; }

    /// <summary>What the auditor was registered with.</summary>
    public BinAuthzOptions Options { get; }

    public SigningIdentity Subject { get; }

    /// <summary>The first version of the signing key.</summary>
    public KeyVersionName Version => Subject.Key.Version(1);

    /// <summary>An image of one platform that was signed.</summary>
    public ImageReference Image { get; private set; } = null!;

    /// <summary>An index that was signed, with its platforms.</summary>
    public ImageReference Index { get; private set; } = null!;

    public AttestationAuditor Auditor => Get<AttestationAuditor>();

    public GrafeasApi.GrafeasClient Analysis => new(channel);

    public Kms.KeyManagementService.KeyManagementServiceClient KeyManagement => new(channel);

    public Authz.BinauthzManagementServiceV1.BinauthzManagementServiceV1Client Management => new(channel);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A service of the auditor; clients are the test's own.</summary>
    public T Get<T>()
        where T : notnull => (typeof(T).Namespace!.StartsWith("BinAuthz.Auditing", StringComparison.Ordinal) ? services : preparation).GetRequiredService<T>();

    public static async Task<AuditWorld> StartAsync()
    {
        var world = new AuditWorld(await SigningWorld.StartAsync());
        await world.SetIamPolicyAsync($"v1/projects/{Project}:setIamPolicy", [], "containeranalysis.googleapis.com DATA_WRITE", "cloudkms.googleapis.com DATA_READ");
        world.Image = await world.Signing.PushBuiltAsync();
        world.Index = await world.Signing.PushBuiltAsync(index: true);
        Assert.IsType<SigningOutcome.Signed>(await world.Signing.SignAsync(world.Image));
        Assert.IsType<SigningOutcome.Signed>(await world.Signing.SignAsync(world.Index));
        return world;
    }

    /// <summary>What is audited.</summary>
    /// <param name="later">How long after now.</param>
    /// <param name="configure">Of its options.</param>
    public AuditRequest Request(TimeSpan later = default, Action<AuditOptions>? configure = null)
    {
        var options = new AuditOptions();
        configure?.Invoke(options);
        return new AuditRequest(Project, DeploymentEnvironment.Production, [Subject], TimeProvider.System.GetUtcNow() + later)
        {
            Options = options,
            Bucket = Get<EvidenceBucket>().Name,
            AuditKey = KeyName.Parse($"projects/{Project}/locations/{SigningWorld.Location}/keyRings/production-binauthz/cryptoKeys/audit-key"),
        };
    }

    /// <summary>Audits.</summary>
    /// <param name="later">How long after now.</param>
    /// <param name="configure">Of its options.</param>
    /// <param name="previous">The report before.</param>
    public Task<AuditReport> ReportAsync(TimeSpan later = default, Action<AuditOptions>? configure = null, PreviousAudit? previous = null) =>
        Auditor.AuditAsync(Request(later, configure), previous, Stop);

    /// <summary>What a rule found, and that it was assessed.</summary>
    public static IReadOnlyList<AuditFinding> Findings(AuditReport report, string rule)
    {
        var reported = Assert.Single(report.Rules, each => each.Id == rule);
        Assert.True(reported.Status != RuleStatus.NotAssessed, reported.Reason);
        return [.. report.Findings.Where(finding => finding.Rule == rule)];
    }

    /// <summary>An image that nobody has pushed.</summary>
    public static ImageReference NewImage() => ImageReference.Parse($"{SigningWorld.Repository}@{ImageDigest.Of(RandomNumberGenerator.GetBytes(32))}");

    /// <summary>Stores an attestation as it is, past every rule of the signer.</summary>
    /// <param name="resourceUri">For what.</param>
    /// <param name="payload">What is signed.</param>
    /// <param name="signatures">By whom.</param>
    /// <returns>The occurrence's name.</returns>
    public async Task<string> PlantAsync(string resourceUri, byte[] payload, params (string KeyId, byte[] Value)[] signatures)
    {
        var occurrence = new Ca.Occurrence
        {
            NoteName = Signing.Note.ToString(),
            ResourceUri = resourceUri,
            Kind = Ca.NoteKind.Attestation,
            Attestation = new Ca.AttestationOccurrence
            {
                SerializedPayload = ByteString.CopyFrom(payload),
                Signatures = { signatures.Select(signature => new Ca.Signature { PublicKeyId = signature.KeyId, Signature_ = ByteString.CopyFrom(signature.Value) }) },
            },
        };
        return (await Analysis.CreateOccurrenceAsync(new Ca.CreateOccurrenceRequest { Parent = $"projects/{Project}", Occurrence = occurrence }, cancellationToken: Stop)).Name;
    }

    /// <summary>Signs with a version of Cloud KMS, as whoever may sign could.</summary>
    public Task<byte[]> SignAsync(byte[] payload, long version = 1) =>
        Get<KeyManagementClient>().SignAsync(Subject.Key.Version(version), SignatureAlgorithm.Default, payload, Stop);

    /// <summary>Attests an image by hand, with a version of Cloud KMS and without a decision record.</summary>
    public async Task<string> AttestAsync(ImageReference image, long version = 1)
    {
        var payload = AttestationPayload.Create(image);
        return await PlantAsync(image.ResourceUri, payload, (Subject.Key.Version(version).PublicKeyId, await SignAsync(payload, version)));
    }

    /// <summary>Changes the attestor as whoever may update it could.</summary>
    public async Task ChangeAttestorAsync(Action<Authz.Attestor> change)
    {
        var attestor = await Management.GetAttestorAsync(new Authz.GetAttestorRequest { Name = Subject.Attestor.ToString() }, cancellationToken: Stop);
        change(attestor);
        await Management.UpdateAttestorAsync(new Authz.UpdateAttestorRequest { Attestor = attestor }, cancellationToken: Stop);
    }

    /// <summary>Changes the policy as whoever may update it could.</summary>
    public async Task ChangePolicyAsync(Action<Authz.Policy> change)
    {
        var policy = await Management.GetPolicyAsync(new Authz.GetPolicyRequest { Name = $"projects/{Project}/policy" }, cancellationToken: Stop);
        change(policy);
        await Management.UpdatePolicyAsync(new Authz.UpdatePolicyRequest { Policy = policy }, cancellationToken: Stop);
    }

    /// <summary>Replaces the policy of a resource; what the access plan grants there stays.</summary>
    /// <param name="path">Of the method.</param>
    /// <param name="bindings">Roles and members.</param>
    /// <param name="auditLogs">Service and type of each log that is on.</param>
    public async Task SetIamPolicyAsync(string path, IEnumerable<(string Role, string Member)> bindings, params string[] auditLogs)
    {
        var policy = new JsonObject
        {
            ["bindings"] = new JsonArray([.. Planned(path), .. bindings.Select(binding => new JsonObject { ["role"] = binding.Role, ["members"] = new JsonArray(binding.Member) })]),
            ["auditConfigs"] = new JsonArray([.. auditLogs.Select(log => new JsonObject
            {
                ["service"] = log.Split(' ')[0],
                ["auditLogConfigs"] = new JsonArray(new JsonObject { ["logType"] = log.Split(' ')[1] }),
            })]),
        };
        var isBucket = path.StartsWith("storage/", StringComparison.Ordinal);
        await SendAsync(isBucket ? HttpMethod.Put : HttpMethod.Post, path, isBucket ? policy : new JsonObject { ["policy"] = policy, ["updateMask"] = "bindings,etag,auditConfigs" });
    }

    private static IEnumerable<JsonObject> Planned(string path)
    {
        var planned = WorldAccess.Plan.Bindings(WorldAccess.Names(Project)).Where(each => path == $"v1/{each.Resource.Name}:setIamPolicy" || path == $"storage/v1/b/{each.Resource.Name.Replace("gs://", "", StringComparison.Ordinal)}/iam");
        return planned.Select(each => new JsonObject
        {
            ["role"] = each.Binding.Role,
            ["members"] = new JsonArray([.. each.Binding.Members.Select(member => JsonValue.Create(member))]),
            ["condition"] = each.Binding.Condition.Length == 0 ? null : new JsonObject { ["expression"] = each.Binding.Condition },
        });
    }

    /// <summary>Sends a request to the emulator, which must succeed.</summary>
    public async Task SendAsync(HttpMethod method, string path, JsonNode body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        using var answer = await Signing.Http.SendAsync(request, Stop);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await preparation.DisposeAsync();
        channel.Dispose();
        await Signing.DisposeAsync();
    }
}
