using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using BinAuthz.Attestations;
using BinAuthz.Emulator;
using BinAuthz.Images;
using Google.Cloud.Kms.V1;
using Google.Cloud.PubSub.V1;
using Google.Protobuf;
using Grpc.Net.Client;
using KmsAlgorithm = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionAlgorithm;
using PkixAlgorithm = Google.Cloud.BinaryAuthorization.V1.PkixPublicKey.Types.SignatureAlgorithm;

namespace BinAuthz.EndToEnd.Tests.Kubectl;

/// <summary>kubectl with a home of its own, pointed at the cluster of a project that has an attestor, and the project's denials on a topic.</summary>
internal sealed class KubectlWorld : IDisposable
{
    private readonly string program = ExternalTool.Require("kubectl");
    private readonly EmulatorHost emulator;
    private readonly string project;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("binauthz-kubectl-");
    private readonly GrpcProject grpc;
    private readonly GrpcChannel channel;
    private readonly HttpClient rest;

    private KubectlWorld(EmulatorHost emulator, string project)
    {
        this.emulator = emulator;
        this.project = project;
        grpc = new GrpcProject(emulator, project, Stop);
        channel = GrpcChannel.ForAddress(emulator.GrpcEndpoint);
        rest = new HttpClient { BaseAddress = emulator.RestEndpoint };
    }

    /// <summary>The filter of the documentation for what Binary Authorization refused or let pass.</summary>
    public const string Filter = "resource.type=\"k8s_cluster\" logName:\"cloudaudit.googleapis.com%2Factivity\" protoPayload.methodName=\"io.k8s.core.v1.pods.create\" (protoPayload.response.reason=\"VIOLATES_POLICY\" OR \"image-policy.k8s.io/break-glass\" OR labels.\"imagepolicywebhook.image-policy.k8s.io/dry-run\"=\"true\")";

    public string Attestor => grpc.Attestor;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Subscription => $"projects/{project}/subscriptions/denials";

    private string KeyId => $"//cloudkms.googleapis.com/v1/{grpc.KeyVersion}";

    public static async Task<KubectlWorld> StartAsync(EmulatorHost emulator, string project)
    {
        var world = new KubectlWorld(emulator, project);
        var key = await world.grpc.CreateKeyAsync(KmsAlgorithm.EcSignP256Sha256);
        await world.grpc.CreateNoteAsync();
        await world.grpc.CreateAttestorAsync(world.KeyId, key.Pem, PkixAlgorithm.EcdsaP256Sha256);
        await world.SetPolicyAsync("ENFORCED_BLOCK_AND_AUDIT_LOG");
        await world.RouteDenialsAsync();
        return world;
    }

    /// <summary>Requires attestations everywhere.</summary>
    public async Task SetPolicyAsync(string enforcementMode)
    {
        var policy = new JsonObject
        {
            ["name"] = $"projects/{project}/policy",
            ["defaultAdmissionRule"] = new JsonObject
            {
                ["evaluationMode"] = "REQUIRE_ATTESTATION",
                ["enforcementMode"] = enforcementMode,
                ["requireAttestationsBy"] = new JsonArray(Attestor),
            },
        };
        using var answer = await rest.PutAsJsonAsync(new Uri($"/v1/projects/{project}/policy", UriKind.Relative), policy, Stop);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }

    /// <summary>An image that is nowhere but in this sentence; admission asks for its digest alone.</summary>
    public string Image(string name) => $"us-central1-docker.pkg.dev/{project}/app/{name}@sha256:{Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)))}";

    /// <summary>Signs an image by Cloud KMS and stores the attestation.</summary>
    public async Task SignAsync(string image)
    {
        var payload = AttestationPayload.Create(ImageReference.Parse(image));
        var signature = await grpc.SignAsync(new AsymmetricSignRequest { Digest = new Digest { Sha256 = ByteString.CopyFrom(SHA256.HashData(payload)) } });
        await grpc.AttestAsync($"https://{image}", payload, KeyId, signature);
    }

    /// <summary>Runs kubectl.</summary>
    public async Task<ExternalProcess.Ended> RunAsync(params string[] arguments) => await new ExternalProcess
    {
        Program = program,
        Arguments = ["--server", emulator.ClusterEndpoint(project, "us-central1", "prod").ToString(), .. arguments],
        WorkingDirectory = folder.FullName,
        Environment = new Dictionary<string, string> { ["HOME"] = folder.FullName },
    }.RunAsync(Stop);

    /// <summary>Runs kubectl, which must succeed, and returns what it prints.</summary>
    public async Task<string> SucceedAsync(params string[] arguments)
    {
        var ended = await RunAsync(arguments);
        Assert.True(ended.ExitCode == 0, ended.ToString());
        return ended.Output.Trim();
    }

    /// <summary>Writes a file for kubectl.</summary>
    public Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(folder.FullName, name), text, Stop);

    /// <summary>Tries refused pods again at once.</summary>
    public async Task RetryAsync()
    {
        using var answer = await rest.PostAsync(new Uri($"/emulator/v1/clusters/{project}/us-central1/prod/retries", UriKind.Relative), null, Stop);
        Assert.True(answer.IsSuccessStatusCode);
    }

    /// <summary>The log entries that the sink has put on the topic so far.</summary>
    public async Task<IReadOnlyList<JsonNode>> DenialsAsync()
    {
        var pulled = await new Subscriber.SubscriberClient(channel).PullAsync(new PullRequest { Subscription = Subscription, MaxMessages = 1000 }, cancellationToken: Stop);
        return [.. pulled.ReceivedMessages.Select(message => JsonNode.Parse(message.Message.Data.ToStringUtf8())!)];
    }

    public void Dispose()
    {
        grpc.Dispose();
        channel.Dispose();
        rest.Dispose();
        folder.Delete(recursive: true);
    }

    private async Task RouteDenialsAsync()
    {
        var topic = $"projects/{project}/topics/denials";
        await new Publisher.PublisherClient(channel).CreateTopicAsync(new Topic { Name = topic }, cancellationToken: Stop);
        await new Subscriber.SubscriberClient(channel).CreateSubscriptionAsync(new Subscription { Name = Subscription, Topic = topic, AckDeadlineSeconds = 10 }, cancellationToken: Stop);
        var sink = new JsonObject { ["name"] = "denials", ["destination"] = $"pubsub.googleapis.com/{topic}", ["filter"] = Filter };
        using var answer = await rest.PostAsJsonAsync(new Uri($"/v2/projects/{project}/sinks", UriKind.Relative), sink, Stop);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }
}
