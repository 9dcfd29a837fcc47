using System.Text.Json.Nodes;
using BinAuthz.Cli;
using BinAuthz.Cli.Demo;
using BinAuthz.Cli.Oci;
using BinAuthz.EndToEnd.Tests.Cli;
using Grpc.Net.Client;
using PubSub = Google.Cloud.PubSub.V1;

namespace BinAuthz.EndToEnd.Tests.Kubectl;

/// <summary>What an operator lives through: kubectl is refused, the alert says why and with which command it is mended, and then kubectl succeeds.</summary>
[Collection(nameof(CliProcess))]
public sealed class KubectlStoryTests : IDisposable
{
    private const string Repository = "us-central1-docker.pkg.dev/acme-prod/app/server";
    private readonly string kubectl = ExternalTool.Require("kubectl");
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("binauthz-story-");

    private string Approval => Path.Combine(directory.FullName, "approval.yaml");

    [Fact]
    public async Task Run_ImageThatTheSignerMissed_IsDeniedAlertedAndRunsOnceTheCommandOfTheAlertWasRun()
    {
        await File.WriteAllTextAsync(Approval, DemoStory.ApprovalPolicy, TestContext.Current.CancellationToken);
        var (up, ready) = await CliProcess.UpAsync("--approval", Approval, "--enforce-iam");
        await using var running = up;
        var (rest, grpc, cluster) = ((string)ready["rest"]!, (string)ready["grpc"]!, (string)ready["cluster"]!);
        await DeafenSignerAsync(grpc);
        var image = await PushAsync(rest);

        var denied = await KubectlAsync(cluster, "run", "test", $"--image={image}");
        var alert = await AlertAsync(grpc, (string)ready["alertsSubscription"]!);
        string[] command = ((string)alert["command"]!).Split(' ');
        var (mended, _) = await CommandLine.RunAsync(rest, [.. command[1..], "--approval", Approval]);
        var admitted = await KubectlAsync(cluster, "run", "test", $"--image={image}");

        Assert.Equal(1, denied.ExitCode);
        Assert.Equal(
            "Error from server (VIOLATES_POLICY): admission webhook \"imagepolicywebhook.image-policy.k8s.io\" denied the request: "
            + $"Image {image} denied by Binary Authorization default admission rule. Image {image} denied by attestor {(string)ready["attestor"]!}: No attestations found that were valid and signed by a key trusted by the attestor",
            denied.Error.Trim());
        Assert.Equal(("denial", "NotAttested", image), ((string)alert["kind"]!, (string)alert["cause"]!, (string)alert["facts"]!["image"]!));
        Assert.Equal(["binauthz", "sign", image], command);
        Assert.Equal(ExitCode.Ok, mended);
        Assert.True(admitted.ExitCode == 0, admitted.ToString());
    }

    public void Dispose() => directory.Delete(recursive: true);

    // Without its subscriptions the signing function hears of nothing, as after an outage that outlasted its messages.
    private static async Task DeafenSignerAsync(string grpc)
    {
        using var channel = GrpcChannel.ForAddress(grpc);
        var client = new PubSub.Subscriber.SubscriberClient(channel);
        var all = await client.ListSubscriptionsAsync(new PubSub.ListSubscriptionsRequest { Project = "projects/acme-prod" }, cancellationToken: TestContext.Current.CancellationToken);
        var signers = all.Subscriptions.Where(subscription => subscription.Name.Contains("-sign-image-", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(signers);
        foreach (var subscription in signers)
        {
            await client.DeleteSubscriptionAsync(new PubSub.DeleteSubscriptionRequest { Subscription = subscription.Name }, cancellationToken: TestContext.Current.CancellationToken);
        }
    }

    private async Task<string> PushAsync(string rest)
    {
        var layout = directory.CreateSubdirectory("image").FullName;
        new ImageMaker(layout).MakeImage("story");
        var (code, answer) = await CommandLine.RunAsync(rest, "emulator", "push", layout, $"{Repository}:story", "--built-by-cloud-build", "--source-uri", "https://github.com/acme/app");
        Assert.True(code == ExitCode.Ok, answer.ToJsonString());
        return $"{Repository}@{(string)answer["digest"]!}";
    }

    private Task<ExternalProcess.Ended> KubectlAsync(string cluster, params string[] arguments) => new ExternalProcess
    {
        Program = kubectl,
        Arguments = ["--server", cluster, .. arguments],
        WorkingDirectory = directory.FullName,
        Environment = new Dictionary<string, string> { ["HOME"] = directory.FullName },
    }.RunAsync(TestContext.Current.CancellationToken);

    private static async Task<JsonNode> AlertAsync(string grpc, string subscription)
    {
        using var channel = GrpcChannel.ForAddress(grpc);
        var client = new PubSub.Subscriber.SubscriberClient(channel);
        var pulled = new PubSub.PullResponse();
        Assert.True(await Eventually.HoldsAsync(PullAsync, TimeSpan.FromSeconds(60), TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken));
        return JsonNode.Parse(Assert.Single(pulled.ReceivedMessages).Message.Data.ToStringUtf8())!;

        async Task<bool> PullAsync()
        {
            pulled = await client.PullAsync(new PubSub.PullRequest { Subscription = subscription, MaxMessages = 10 }, cancellationToken: TestContext.Current.CancellationToken);
            return pulled.ReceivedMessages.Count > 0;
        }
    }
}
