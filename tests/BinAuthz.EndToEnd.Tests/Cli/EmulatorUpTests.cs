using System.Net.Sockets;
using System.Text.Json.Nodes;
using BinAuthz.Attestations;
using BinAuthz.Cli;
using BinAuthz.Cli.Demo;
using BinAuthz.Cli.Oci;
using BinAuthz.Images;
using Google.Protobuf;
using Grpc.Net.Client;
using Ca = Grafeas.V1;
using GrafeasApi = Grafeas.V1.Grafeas;
using PubSub = Google.Cloud.PubSub.V1;

namespace BinAuthz.EndToEnd.Tests.Cli;

[Collection(nameof(CliProcess))]
public sealed class EmulatorUpTests : IDisposable
{
    private const string Repository = "us-central1-docker.pkg.dev/acme-prod/app/server";
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("binauthz-e2e-");

    public EmulatorUpTests() => File.WriteAllText(Approval, DemoStory.ApprovalPolicy);

    private string Approval => Path.Combine(directory.FullName, "approval.yaml");

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public async Task Up_ImageFromTheTrustedBuilder_IsSignedVerifiedListedAndNotSignedTwice()
    {
        var (up, ready) = await CliProcess.UpAsync("--approval", Approval, "--enforce-iam");
        await using var running = up;
        var rest = (string)ready["rest"]!;
        Assert.Equal("projects/acme-prod/attestors/production-attestor", (string?)ready["attestor"]);
        Assert.Equal($"{rest}/clusters/acme-prod/us-central1/production", (string?)ready["cluster"]);

        var digest = await PushAsync(rest, "built", builtByCloudBuild: true);
        var valid = await CommandLine.RunUntilAsync(ExitCode.Ok, rest, "verify", $"{Repository}:built");
        var (listCode, list) = await CommandLine.RunAsync((string)ready["grpc"]!, "attestations", "list", $"{Repository}@{digest}");
        var (signCode, sign) = await CommandLine.RunAsync(rest, "sign", $"{Repository}:built", "--approval", Approval);

        Assert.Equal((digest, "valid"), ((string)valid["digest"]!, (string)valid["verdict"]!));
        Assert.Equal(ExitCode.Ok, listCode);
        Assert.True((bool)Assert.Single(list["attestations"]!.AsArray())!["valid"]!);
        Assert.Equal((ExitCode.Ok, "already_signed"), (signCode, (string)sign["attestors"]![0]!["outcome"]!));
    }

    [Fact]
    public async Task Up_ImageOfTwoPlatforms_HasTheIndexAndBothPlatformsSigned()
    {
        var (up, ready) = await CliProcess.UpAsync("--approval", Approval, "--enforce-iam");
        await using var running = up;
        var rest = (string)ready["rest"]!;
        Directory.CreateDirectory(Layout("index"));
        var index = new ImageMaker(Layout("index")).MakeMultiPlatformImage("both");

        var (code, _) = await CommandLine.RunAsync(rest, "emulator", "push", Layout("index"), $"{Repository}:index", "--built-by-cloud-build", "--source-uri", "https://github.com/acme/app");

        Assert.Equal(ExitCode.Ok, code);
        await CommandLine.RunUntilAsync(ExitCode.Ok, rest, "verify", $"{Repository}@{index.Digest}");
        var manifests = JsonNode.Parse(await File.ReadAllBytesAsync(Path.Combine(Layout("index"), "blobs", index.Digest.Replace(':', '/')), TestContext.Current.CancellationToken))!["manifests"]!.AsArray();
        var codes = new List<(string, int)>();
        foreach (var manifest in manifests)
        {
            var (verified, _) = await CommandLine.RunAsync(rest, "verify", $"{Repository}@{manifest!["digest"]}");
            codes.Add(((string)manifest["platform"]!["architecture"]!, verified));
        }

        Assert.Equal([("amd64", ExitCode.Ok), ("unknown", ExitCode.Refused), ("arm64", ExitCode.Ok), ("unknown", ExitCode.Refused)], codes);
    }

    [Fact]
    public async Task Up_ImagePushedByHand_IsNotSignedAndSaysWhy()
    {
        var (up, ready) = await CliProcess.UpAsync("--approval", Approval, "--enforce-iam");
        await using var running = up;
        var rest = (string)ready["rest"]!;

        await PushAsync(rest, "by-hand", builtByCloudBuild: false);
        var (signCode, sign) = await CommandLine.RunAsync(rest, "sign", $"{Repository}:by-hand", "--approval", Approval);
        var (verifyCode, verify) = await CommandLine.RunAsync(rest, "verify", $"{Repository}:by-hand");

        Assert.Equal((ExitCode.Refused, "not_ready"), (signCode, (string)sign["attestors"]![0]!["outcome"]!));
        Assert.Contains(sign["attestors"]![0]!["rules"]!.AsArray(), rule => (string?)rule!["code"] == "provenance-missing");
        Assert.Equal((ExitCode.Refused, "unattested"), (verifyCode, (string)verify["verdict"]!));
    }

    [Fact]
    public async Task Verify_SignatureOfSomethingElse_ExitsWithInvalidSignature()
    {
        var (up, ready) = await CliProcess.UpAsync("--approval", Approval, "--enforce-iam");
        await using var running = up;
        var rest = (string)ready["rest"]!;
        var digest = await PushAsync(rest, "forged", builtByCloudBuild: false);
        await ForgeAsync((string)ready["grpc"]!, $"{(string)ready["key"]!}/cryptoKeyVersions/1", digest);

        var (code, verify) = await CommandLine.RunAsync(rest, "verify", $"{Repository}:forged");

        Assert.Equal((ExitCode.InvalidSignature, "invalid"), (code, (string)verify["verdict"]!));
        Assert.Equal("BadSignature", (string?)verify["attestations"]![0]!["fault"]);
    }

    [Fact]
    public async Task Up_Sigterm_EndsFunctionAndToolWithOk()
    {
        var (up, ready) = await CliProcess.UpAsync("--approval", Approval, "--enforce-iam");
        await using var running = up;

        await running.SignalAsync("TERM");
        var code = await running.WaitAsync();

        Assert.True(code == ExitCode.Ok, running.Error);
        Assert.Equal(ready.ToJsonString(), JsonNode.Parse(running.Output)!.ToJsonString());
        await AssertClosedAsync((string)ready["function"]!);
        await AssertClosedAsync((string)ready["alerts"]!);
        await AssertClosedAsync((string)ready["rest"]!);
    }

    [Fact]
    public async Task Up_DenialInTheLog_IsOnTheAlertsTopic()
    {
        var (up, ready) = await CliProcess.UpAsync("--approval", Approval, "--enforce-iam");
        await using var running = up;
        var entry = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "testdata", "logs", "gke-deny-replicaset.json"), TestContext.Current.CancellationToken));
        using var http = new HttpClient();
        using var content = new StringContent(new JsonObject { ["entries"] = new JsonArray(entry) }.ToJsonString(), System.Text.Encoding.UTF8, "application/json");

        using var written = await http.PostAsync(new Uri($"{ready["rest"]}/v2/entries:write"), content, TestContext.Current.CancellationToken);

        Assert.True(written.IsSuccessStatusCode);
        using var channel = GrpcChannel.ForAddress((string)ready["grpc"]!);
        var request = new PubSub.PullRequest { Subscription = (string)ready["alertsSubscription"]!, MaxMessages = 10 };
        var pulled = new PubSub.PullResponse();
        Assert.True(await Eventually.HoldsAsync(PullAsync, TimeSpan.FromSeconds(60), TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken));
        Assert.Equal("denial", Assert.Single(pulled.ReceivedMessages).Message.Attributes["kind"]);

        async Task<bool> PullAsync()
        {
            pulled = await new PubSub.Subscriber.SubscriberClient(channel).PullAsync(request, cancellationToken: TestContext.Current.CancellationToken);
            return pulled.ReceivedMessages.Count > 0;
        }
    }

    [Fact]
    public async Task Up_AlertPolicyOfAnotherProject_ExitsWithUsage()
    {
        var alerts = Path.Combine(directory.FullName, "alerts.yaml");
        await File.WriteAllTextAsync(alerts, "project: acme-other\nenvironments:\n  production: {projects: [acme-other]}\n", TestContext.Current.CancellationToken);
        await using var up = CliProcess.Start("emulator", "up", "--approval", Approval, "--alerts", alerts, "--grpc-port", "0", "--rest-port", "0");

        Assert.Equal(ExitCode.Usage, await up.WaitAsync());

        Assert.Contains("acme-other", up.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Up_KilledWithData_GoesOnWhereItWas()
    {
        string[] arguments = ["--approval", Approval, "--enforce-iam", "--data", Path.Combine(directory.FullName, "data")];
        var (first, ready) = await CliProcess.UpAsync(arguments);
        await using var killed = first;
        var digest = await PushAsync((string)ready["rest"]!, "kept", builtByCloudBuild: true);
        var before = await CommandLine.RunUntilAsync(ExitCode.Ok, (string)ready["rest"]!, "verify", $"{Repository}:kept");
        await killed.SignalAsync("KILL");
        await killed.WaitAsync();
        await AssertClosedAsync((string)ready["function"]!);

        var (second, again) = await CliProcess.UpAsync(arguments);
        await using var running = second;
        var rest = (string)again["rest"]!;
        var (code, after) = await CommandLine.RunAsync(rest, "verify", $"{Repository}:kept");
        await PushAsync(rest, "new", builtByCloudBuild: true);
        await CommandLine.RunUntilAsync(ExitCode.Ok, rest, "verify", $"{Repository}:new");

        Assert.Equal((ExitCode.Ok, digest), (code, (string)after["digest"]!));
        Assert.Equal((string?)before["attestations"]![0]!["name"], (string?)after["attestations"]![0]!["name"]);
    }

    [Fact]
    public async Task Setup_OnABareEmulator_PlansThenMakesThenHasNothingToDo()
    {
        var (up, ready) = await CliProcess.UpAsync("--bare");
        await using var running = up;
        var rest = (string)ready["rest"]!;

        var (_, plan) = await CommandLine.RunAsync(rest, "setup", "acme-test", "staging", "--plan", "--algorithm", "ec-sign-p384-sha384");
        var (_, made) = await CommandLine.RunAsync(rest, "setup", "acme-test", "staging", "--algorithm", "ec-sign-p384-sha384");
        var (code, again) = await CommandLine.RunAsync(rest, "setup", "acme-test", "staging", "--plan");

        Assert.Null(ready["function"]);
        Assert.True((int)plan["changes"]! > 0);
        Assert.Equal((int)plan["changes"]!, (int)made["changes"]!);
        Assert.Equal((ExitCode.Ok, 0), (code, (int)again["changes"]!));
    }

    [Fact]
    public async Task Up_PortInUse_ExitsWithUsageAndNamesTheOption()
    {
        using var taken = new TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        await using var up = CliProcess.Start("emulator", "up", "--bare", "--grpc-port", "0", "--rest-port", $"{((System.Net.IPEndPoint)taken.LocalEndpoint).Port}");

        var code = await up.WaitAsync();

        Assert.Equal(ExitCode.Usage, code);
        Assert.Empty(up.Output);
        Assert.Contains("--rest-port", up.Error, StringComparison.Ordinal);
    }

    private string Layout(string name) => Path.Combine(directory.FullName, name);

    private async Task<string> PushAsync(string rest, string name, bool builtByCloudBuild)
    {
        Directory.CreateDirectory(Layout(name));
        new ImageMaker(Layout(name)).MakeImage(name);
        string[] built = builtByCloudBuild ? ["--built-by-cloud-build", "--source-uri", "https://github.com/acme/app"] : [];
        var (code, answer) = await CommandLine.RunAsync(rest, ["emulator", "push", Layout(name), $"{Repository}:{name}", .. built]);
        Assert.True(code == ExitCode.Ok, answer.ToJsonString());
        return (string)answer["digest"]!;
    }

    private static async Task ForgeAsync(string grpc, string keyVersion, string digest)
    {
        using var channel = GrpcChannel.ForAddress(grpc);
        var forged = new Ca.Occurrence
        {
            ResourceUri = $"https://{Repository}@{digest}",
            NoteName = "projects/acme-prod/notes/production-note",
            Attestation = new Ca.AttestationOccurrence
            {
                SerializedPayload = ByteString.CopyFrom(AttestationPayload.Create(ImageReference.Parse($"{Repository}@{digest}"))),
                Signatures = { new Ca.Signature { PublicKeyId = $"//cloudkms.googleapis.com/v1/{keyVersion}", Signature_ = ByteString.CopyFrom(new byte[70]) } },
            },
        };
        await new GrafeasApi.GrafeasClient(channel).CreateOccurrenceAsync(
            new Ca.CreateOccurrenceRequest { Parent = "projects/acme-prod", Occurrence = forged }, cancellationToken: TestContext.Current.CancellationToken);
    }

    private static async Task AssertClosedAsync(string address)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (await AnswersAsync(new Uri(address)))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(30), $"{address} still answers.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<bool> AnswersAsync(Uri address)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
