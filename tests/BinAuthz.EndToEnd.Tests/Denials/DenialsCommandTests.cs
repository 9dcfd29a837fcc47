using System.Net.Http.Json;
using System.Text.Json.Nodes;
using BinAuthz.Cli;
using BinAuthz.EndToEnd.Tests.Cli;
using BinAuthz.EndToEnd.Tests.Signing;

namespace BinAuthz.EndToEnd.Tests.Denials;

/// <summary><c>binauthz denials</c> over the logs of a project on an emulator.</summary>
public sealed class DenialsCommandTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Denials_RetriedReplicaSet_IsOneGroupWithTheCommandThatMendsIt()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushBuiltAsync();
        await LogAsync(world, "gke-deny-replicaset", image.ToString(), times: 3);
        await LogAsync(world, "gke-rbac-forbidden-NOT-binauthz", image.ToString());

        var (code, answer) = await RunAsync(world);

        Assert.Equal(ExitCode.Refused, code);
        var group = Assert.Single(answer["groups"]!.AsArray())!;
        Assert.Equal(("denial", 3, image.ToString(), "NotAttested", $"binauthz sign {image}"), ((string?)group["kind"], (int)group["count"]!, (string?)group["image"], (string?)group["cause"], (string?)group["command"]));
        Assert.Equal(("payments", "system:serviceaccount:kube-system:replicaset-controller"), ((string?)group["namespace"], (string?)group["principal"]));
        Assert.True(string.CompareOrdinal((string?)group["first"], (string?)group["last"]) < 0);
        Assert.Equal(0, (await CommandLine.RunAsync(world.Emulator.GrpcEndpoint.ToString(), [.. ((string?)group["command"])!.Split(' ')[1..], "--approval", world.PolicyPath])).Code);
        Assert.Equal("AdmittedNow", (string?)(await RunAsync(world)).Answer["groups"]![0]!["cause"]);
    }

    [Fact]
    public async Task Denials_DryRunAlone_ExitsWithOk()
    {
        await using var world = await SigningWorld.StartAsync();
        await LogAsync(world, "gke-dryrun-would-deny", null);

        var (code, answer) = await RunAsync(world);

        Assert.Equal(ExitCode.Ok, code);
        Assert.Equal("dryRunDenial", (string?)Assert.Single(answer["groups"]!.AsArray())!["kind"]);
        Assert.Empty((await RunAsync(world, "--kind", "denial", "--kind", "trustChange")).Answer["groups"]!.AsArray());
    }

    [Fact]
    public async Task Denials_OlderThanSince_AreNotTold()
    {
        await using var world = await SigningWorld.StartAsync();
        await LogAsync(world, "gke-deny-always-deny", null, age: TimeSpan.FromHours(2));

        Assert.Empty((await RunAsync(world, "--since", "1h")).Answer["groups"]!.AsArray());
        Assert.Single((await RunAsync(world, "--since", "1d")).Answer["groups"]!.AsArray());
    }

    [Fact]
    public async Task Denials_TextForPeople_ShowsNothingThatATerminalObeys()
    {
        await using var world = await SigningWorld.StartAsync();
        await LogAsync(world, "gke-deny-replicaset", "\u001b]0;owned\u0007$(id)\u202e\nwhy: all is well@sha256:" + new string('a', 64));
        using var output = new StringWriter();
        using var error = new StringWriter();

        var code = await BinAuthzTool.RunAsync(["denials", "--project", SigningWorld.Project, "--endpoint", world.Emulator.GrpcEndpoint.ToString()], output, error, Stop);

        Assert.Equal(ExitCode.Refused, code);
        Assert.DoesNotContain(output.ToString(), character => char.IsControl(character) && character is not ('\n' or '\r'));
        Assert.DoesNotContain('\u202e', output.ToString());
        Assert.DoesNotContain(output.ToString().Split('\n'), line => line.StartsWith("why: all is well", StringComparison.Ordinal));
        Assert.Contains("why: UnknownRegistry: ", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Denials_Follow_TellsWhatComesOnceUntilItIsStopped()
    {
        await using var world = await SigningWorld.StartAsync();
        await LogAsync(world, "gke-deny-always-deny", null);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        using var output = new SignallingWriter();
        using var error = new StringWriter();

        var running = BinAuthzTool.RunAsync(["denials", "--project", SigningWorld.Project, "--follow", "--interval", "1", "--format", "json", "--endpoint", world.Emulator.GrpcEndpoint.ToString()], output, error, stop.Token);
        await output.WaitForLineAsync(1, Stop);
        await LogAsync(world, "gke-dryrun-would-deny", null);
        await output.WaitForLineAsync(2, Stop);
        await stop.CancelAsync();

        Assert.Equal(ExitCode.Refused, await running);
        Assert.Equal(["denial", "dryRunDenial"], output.Lines.Select(line => (string?)JsonNode.Parse(line)!["kind"]));
    }

    [Fact]
    public async Task Denials_NoSuchPermission_IsForSomebodyToMend()
    {
        await using var world = await SigningWorld.StartAsync();
        world.Emulator.Faults.FailNext("ListLogEntries", Grpc.Core.StatusCode.PermissionDenied);

        Assert.Equal(ExitCode.Usage, (await RunAsync(world)).Code);
    }

    private static Task<(int Code, JsonNode Answer)> RunAsync(SigningWorld world, params string[] more) =>
        CommandLine.RunAsync(world.Emulator.GrpcEndpoint.ToString(), ["denials", "--project", SigningWorld.Project, .. more]);

    /// <summary>Writes a sample as an entry of now, about another image.</summary>
    private static async Task LogAsync(SigningWorld world, string sample, string? image, int times = 1, TimeSpan age = default)
    {
        var text = await File.ReadAllTextAsync($"testdata/logs/{sample}.json", Stop);
        if (image is not null)
        {
            var old = (string)JsonNode.Parse(text)!["protoPayload"]!["request"]!["spec"]!["containers"]![0]!["image"]!;
            text = text.Replace(old, JsonValue.Create(image).ToJsonString()[1..^1], StringComparison.Ordinal);
        }

        for (var index = 0; index < times; index++)
        {
            var entry = JsonNode.Parse(text)!;
            entry["insertId"] = Guid.NewGuid().ToString("N");
            entry["timestamp"] = (TimeProvider.System.GetUtcNow() - age - TimeSpan.FromSeconds(times - index)).UtcDateTime.ToString("O");
            entry.AsObject().Remove("receiveTimestamp");
            using var answer = await world.Http.PostAsJsonAsync("/v2/entries:write", new JsonObject { ["entries"] = new JsonArray(entry) }, Stop);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
        }
    }
}
