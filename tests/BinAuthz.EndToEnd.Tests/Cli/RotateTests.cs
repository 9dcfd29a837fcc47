using System.Text.Json.Nodes;
using BinAuthz.Cli;
using BinAuthz.EndToEnd.Tests.Signing;
using BinAuthz.GoogleCloud;

namespace BinAuthz.EndToEnd.Tests.Cli;

/// <summary><c>binauthz rotate</c> against an emulator, with the system's clock.</summary>
public sealed class RotateTests
{
    [Fact]
    public async Task Run_Now_RotatesStepByStepAndStatusTellsOfIt()
    {
        await using var world = await SigningWorld.StartAsync();

        var (fresh, before) = await RunAsync(world, "status");
        var (begun, first) = await RunAsync(world, "run", "--now");
        var (_, between) = await RunAsync(world, "status");
        var (done, second) = await RunAsync(world, "run", "--propagation", "0");
        var (_, after) = await RunAsync(world, "status", "--propagation", "0");

        Assert.Equal((ExitCode.Ok, ExitCode.Ok, ExitCode.Ok), (fresh, begun, done));
        Assert.Equal(["1 ENABLED signs"], Versions(before));
        Assert.Equal(["record-trust", "create-version", "trust", "record-trust"], Steps(first));
        Assert.Equal("propagate", Next(first));
        Assert.Equal(["2 ENABLED propagates", "1 ENABLED signs"], Versions(between));
        Assert.Empty(Steps(second));
        Assert.Equal("nothing", Next(second));
        Assert.Equal(["2 ENABLED signs", "1 ENABLED old"], Versions(after));
    }

    [Fact]
    public async Task Revoke_WithoutATerminal_OnlyShowsThePlanUntilYesIsGiven()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushBuiltAsync();
        await world.SignAsync(image);
        string[] line = ["revoke", "1", "--since", "2026-01-01", "--reason", "a laptop was stolen"];

        var (shown, plan) = await RunAsync(world, line);
        var (_, untouched) = await RunAsync(world, "status");
        var (revoked, done) = await RunAsync(world, [.. line, "--yes"]);
        var (_, after) = await RunAsync(world, "status");

        Assert.Equal((ExitCode.Refused, "shown"), (shown, plan["result"]!.GetValue<string>()));
        Assert.Equal(["1 ENABLED signs"], Versions(untouched));
        Assert.Equal((ExitCode.Ok, "revoked"), (revoked, done["result"]!.GetValue<string>()));
        Assert.Equal(["2 ENABLED signs", "1 DISABLED revoked"], Versions(after));
    }

    [Fact]
    public async Task Status_AttestorEmptiedByHand_SaysWhatMendsIt()
    {
        await using var world = await SigningWorld.StartAsync();
        var attestor = await world.Get<BinaryAuthorizationClient>().FindAttestorAsync(world.Attestor, TestContext.Current.CancellationToken);
        await world.Get<BinaryAuthorizationClient>().RemoveKeyAsync(attestor!, world.Key.Version(1).PublicKeyId, TestContext.Current.CancellationToken);

        var (code, answer) = await RunAsync(world, "status");

        Assert.Equal(ExitCode.Refused, code);
        Assert.True(answer["blocked"]!.GetValue<bool>());
        Assert.Contains("binauthz rotate revoke", answer["next"]!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NoSuchAttestor_IsAUsageError()
    {
        await using var world = await SigningWorld.StartAsync();

        var (code, answer) = await CommandLine.RunAsync(world.Emulator.RestEndpoint.ToString(), "rotate", "run", "--project", SigningWorld.Project, "--attestor", "production-scanned");

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("production-scanned", answer["error"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    private static Task<(int Code, JsonNode Answer)> RunAsync(SigningWorld world, params IEnumerable<string> arguments) =>
        CommandLine.RunAsync(world.Emulator.GrpcEndpoint.ToString(), ["rotate", .. arguments, "--project", SigningWorld.Project]);

    private static string[] Versions(JsonNode answer) => [.. answer["versions"]!.AsArray().Select(version => $"{version!["version"]} {version["state"]} {version["role"]}")];

    private static string[] Steps(JsonNode answer) => [.. answer["performed"]!.AsArray().Select(step => step!["step"]!.GetValue<string>())];

    private static string Next(JsonNode answer) => answer["next"]!["step"]!.GetValue<string>();
}
