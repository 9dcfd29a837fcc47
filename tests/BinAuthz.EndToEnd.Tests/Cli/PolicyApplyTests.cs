using System.Text.Json.Nodes;
using BinAuthz.Cli;
using BinAuthz.EndToEnd.Tests.Signing;
using BinAuthz.GoogleCloud;
using BinAuthz.Policies;
using Grpc.Core;
using Authz = Google.Cloud.BinaryAuthorization.V1;

namespace BinAuthz.EndToEnd.Tests.Cli;

/// <summary><c>binauthz policy</c> against the policy of a project on an emulator.</summary>
public sealed class PolicyApplyTests
{
    private const string Enforced =
        """
        defaultAdmissionRule:
          enforcementMode: ENFORCED_BLOCK_AND_AUDIT_LOG
          evaluationMode: REQUIRE_ATTESTATION
          requireAttestationsBy:
          - projects/acme-prod/attestors/production-attestor
        globalPolicyEvaluationMode: ENABLE
        name: projects/acme-prod/policy

        """;

    private static readonly string Denied = Enforced
        .Replace("REQUIRE_ATTESTATION", "ALWAYS_DENY", StringComparison.Ordinal)
        .Replace("  requireAttestationsBy:\n  - projects/acme-prod/attestors/production-attestor\n", "", StringComparison.Ordinal);

    private static readonly string Loosened = "admissionWhitelistPatterns:\n- namePattern: gcr.io/acme/**\n" + Enforced;

    [Fact]
    public async Task Diff_PolicyThatSetupMade_IsTheRenderedOne()
    {
        await using var world = await SigningWorld.StartAsync();
        await using var output = new StringWriter();
        Assert.Equal(ExitCode.Ok, await BinAuthzTool.RunAsync(["policy", "render", "production", "--project", SigningWorld.Project], output, TextWriter.Null, TestContext.Current.CancellationToken));

        var (code, answer) = await RunAsync(world, "diff", output.ToString());

        Assert.Equal(Enforced, output.ToString());
        Assert.Equal(ExitCode.Ok, code);
        Assert.Empty(answer["changes"]!.AsArray());
    }

    [Fact]
    public async Task Apply_TighterPolicy_IsShownThenSetThenUnchanged()
    {
        await using var world = await SigningWorld.StartAsync();
        var before = await LiveAsync(world);

        var (differs, diff) = await RunAsync(world, "diff", Denied);
        var (shown, preview) = await RunAsync(world, "apply", Denied);
        Assert.Equal(before, await LiveAsync(world));
        var (set, applied) = await RunAsync(world, "apply", Denied, "--yes", "--environment", "production");
        var (again, unchanged) = await RunAsync(world, "apply", Denied, "--yes");

        Assert.Equal((ExitCode.Refused, ExitCode.Refused, ExitCode.Ok, ExitCode.Ok), (differs, shown, set, again));
        Assert.Equal(["tightens"], diff["changes"]!.AsArray().Select(change => change!["effect"]!.GetValue<string>()));
        Assert.Equal(("shown", "applied", "unchanged"), (Result(preview), Result(applied), Result(unchanged)));
        Assert.Empty(PolicyDiff.Compare(await LiveAsync(world), PolicyDocument.Read(Denied).Policy));
        Assert.Equal(1, world.Emulator.Requests.Count("UpdatePolicy"));
    }

    [Fact]
    public async Task Apply_ChangeThatLoosens_NeedsTheOption()
    {
        await using var world = await SigningWorld.StartAsync();

        var (refused, answer) = await RunAsync(world, "apply", Loosened, "--yes");
        var afterRefusal = await LiveAsync(world);
        var (allowed, _) = await RunAsync(world, "apply", Loosened, "--yes", "--allow-loosening");

        Assert.Equal((ExitCode.Refused, "loosening"), (refused, Result(answer)));
        Assert.Empty(afterRefusal.AdmissionWhitelistPatterns);
        Assert.Equal(ExitCode.Ok, allowed);
        Assert.Equal("gcr.io/acme/**", Assert.Single((await LiveAsync(world)).AdmissionWhitelistPatterns).NamePattern);
    }

    [Theory]
    [InlineData("production-attestor", "production-missing", "attestor-not-found")]
    [InlineData("  requireAttestationsBy:\n  - projects/acme-prod/attestors/production-attestor\n", "", "attestors-missing")]
    [InlineData("ENFORCED_BLOCK_AND_AUDIT_LOG", "DRYRUN_AUDIT_LOG_ONLY", "dry-run-in-production")]
    public async Task Apply_PolicyWithErrors_SetsNothing(string replaced, string by, string id)
    {
        await using var world = await SigningWorld.StartAsync();

        var (code, answer) = await RunAsync(world, "apply", Enforced.Replace(replaced, by, StringComparison.Ordinal), "--yes", "--allow-loosening", "--environment", "production");

        Assert.Equal((ExitCode.Refused, "errors"), (code, Result(answer)));
        Assert.Contains(answer["findings"]!.AsArray(), finding => finding!["id"]!.GetValue<string>() == id);
        Assert.Equal(0, world.Emulator.Requests.Count("UpdatePolicy"));
    }

    [Fact]
    public async Task Apply_TwoAtOnce_OneIsToldOfTheConflict()
    {
        await using var world = await SigningWorld.StartAsync();
        var other = Enforced.Replace("name: ", "description: another\nname: ", StringComparison.Ordinal);
        world.Emulator.Faults.Delay("UpdatePolicy", TimeSpan.FromSeconds(2));

        var ended = await Task.WhenAll(RunAsync(world, "apply", Denied, "--yes"), RunAsync(world, "apply", other, "--yes"));

        Assert.Equal([ExitCode.Ok, ExitCode.Infrastructure], ended.Select(each => each.Code).Order());
        var conflict = ended.Single(each => each.Code == ExitCode.Infrastructure).Answer["error"]!["message"]!.GetValue<string>();
        Assert.Contains("changed by somebody else", conflict, StringComparison.Ordinal);
        Assert.Equal(2, world.Emulator.Requests.Count("UpdatePolicy"));
    }

    [Fact]
    public async Task Apply_AnswerOfTheUpdateIsLost_IsFoundToBeSet()
    {
        await using var world = await SigningWorld.StartAsync();
        world.Emulator.Faults.FailNext("UpdatePolicy", StatusCode.Unavailable, afterCommit: true);

        var (code, answer) = await RunAsync(world, "apply", Denied, "--yes");

        Assert.Equal((ExitCode.Ok, "applied"), (code, Result(answer)));
        Assert.Equal(Authz.AdmissionRule.Types.EvaluationMode.AlwaysDeny, (await LiveAsync(world)).DefaultAdmissionRule.EvaluationMode);
    }

    [Fact]
    public async Task Lint_WithProject_LooksAttestorsUp()
    {
        await using var world = await SigningWorld.StartAsync();
        var file = await WriteAsync(world, Enforced);
        var wrong = await WriteAsync(world, Enforced.Replace("production-attestor", "production-missing", StringComparison.Ordinal));
        var endpoint = world.Emulator.GrpcEndpoint.ToString();

        var (clean, found) = await CommandLine.RunAsync(endpoint, "policy", "lint", file, "--project", SigningWorld.Project, "--environment", "production", "--strict");
        var (refused, missing) = await CommandLine.RunAsync(endpoint, "policy", "lint", wrong, "--project", SigningWorld.Project);

        Assert.Equal((ExitCode.Ok, ExitCode.Refused), (clean, refused));
        Assert.Empty(found["files"]![0]!["findings"]!.AsArray());
        Assert.Equal("attestor-not-found", Assert.Single(missing["files"]![0]!["findings"]!.AsArray())!["id"]!.GetValue<string>());
    }

    private static string Result(JsonNode answer) => answer["result"]!.GetValue<string>();

    private static Task<Authz.Policy> LiveAsync(SigningWorld world) => world.Get<BinaryAuthorizationClient>().GetPolicyAsync(SigningWorld.Project, TestContext.Current.CancellationToken);

    private static async Task<(int Code, JsonNode Answer)> RunAsync(SigningWorld world, string command, string policy, params string[] options) =>
        await CommandLine.RunAsync(world.Emulator.GrpcEndpoint.ToString(), ["policy", command, await WriteAsync(world, policy), "--project", SigningWorld.Project, .. options]);

    private static async Task<string> WriteAsync(SigningWorld world, string policy)
    {
        var file = Path.Combine(Path.GetDirectoryName(world.PolicyPath)!, $"{Guid.NewGuid():N}.yaml");
        await File.WriteAllTextAsync(file, policy, TestContext.Current.CancellationToken);
        return file;
    }
}
