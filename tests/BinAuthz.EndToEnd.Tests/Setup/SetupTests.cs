using System.Text.Json.Nodes;
using BinAuthz.Cli;
using BinAuthz.EndToEnd.Tests.Cli;
using BinAuthz.GoogleCloud;
using BinAuthz.Keys;
using BinAuthz.Setup;
using Grpc.Core;

namespace BinAuthz.EndToEnd.Tests.Setup;

/// <summary><c>binauthz setup</c> on an emulator: what it says beforehand, what it makes, and that it takes nothing away.</summary>
public sealed class SetupTests(DoctorFixture fixture) : IClassFixture<DoctorFixture>
{
    private static int projects;

    private readonly string project = $"setup-{Interlocked.Increment(ref projects)}";

    [Fact]
    public async Task Setup_Plan_SaysWhatIsThenDoneAndChangesNothing()
    {
        fixture.Emulator.Requests.Clear();
        var planned = await RunAsync("--plan");
        var called = fixture.Emulator.Requests.Snapshot().Select(request => request.Method[(request.Method.LastIndexOf('/') + 1)..]).Distinct();
        var done = await RunAsync();
        var again = await RunAsync("--plan");

        Assert.All(called, method => Assert.True(IsRead(method), $"{method} is called although the plan changes nothing."));
        Assert.Equal(Steps(planned), Steps(done));
        Assert.Empty(Steps(again));
        Assert.Equal(0, again["looks"]!.GetValue<int>());
    }

    [Fact]
    public async Task Setup_StoppedAnywhere_GoesOn()
    {
        var steps = (await Setup.PlanAsync(Request(project), Stop)).Count;
        for (var step = 0; step < steps - 1; step += 4)
        {
            var request = Request($"{project}-{step}");
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
            var left = step;
            var stopped = await Record.ExceptionAsync(() => Setup.ApplyAsync(request, new Told(() => _ = left-- > 0 || Cancel(stop)), stop.Token));
            await Setup.ApplyAsync(request, new Told(() => { }), Stop);

            Assert.True(stopped is OperationCanceledException || (stopped is null && step > steps / 2), $"After step {step} of {steps}: {stopped}");
            Assert.DoesNotContain(await Setup.PlanAsync(request, Stop), each => each.Change);
        }
    }

    [Fact]
    public async Task Setup_Repository_IsReadByTheFunctions()
    {
        await fixture.PostAsync($"v1/projects/{project}/locations/us-central1/repositories?repositoryId=app", new JsonObject { ["format"] = "DOCKER" });

        await RunAsync("--repository", $"us-central1-docker.pkg.dev/{project}/app");

        var policy = await Iam.GetPolicyAsync(IamResource.Repository($"projects/{project}/locations/us-central1/repositories/app"), Stop);
        Assert.Contains(policy.Bindings, binding => binding.Role == "roles/artifactregistry.reader" && binding.Members.Contains(Member("signer")));
    }

    [Theory]
    [InlineData("docker.io/library/app")]
    [InlineData("us-central1-docker.pkg.dev/acme-prod")]
    [InlineData("us-central1-docker.pkg.dev/acme-prod/app/server")]
    public async Task Setup_NoRepository_IsRefused(string name)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        var code = await BinAuthzTool.RunAsync(["setup", project, "production", "--repository", name, "--endpoint", Endpoint], output, error, Stop);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains($"'{name}' is no repository of images in Artifact Registry: write LOCATION-docker.pkg.dev/PROJECT/REPOSITORY.", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Setup_RoleThatOnlyOneMayHave_IsTakenFromNobodyAndTold()
    {
        await RunAsync();
        await ChangeAsync(Key, policy => policy.Grant(new IamBinding("roles/cloudkms.signer", ["user:mallory@acme.example"]), ""));

        var answer = await RunAsync();

        var look = Assert.Single(answer["steps"]!.AsArray(), step => step!["look"]!.GetValue<bool>())!;
        Assert.Equal(Key.Name, (string?)look["resource"]);
        Assert.StartsWith("user:mallory@acme.example may not have roles/cloudkms.signer there, too", (string?)look["detail"], StringComparison.Ordinal);
        Assert.Equal((0, 1), (answer["changes"]!.GetValue<int>(), answer["looks"]!.GetValue<int>()));
        Assert.Contains((await Iam.GetPolicyAsync(Key, Stop)).Bindings, binding => binding.Members.Contains("user:mallory@acme.example"));
    }

    [Fact]
    public async Task Setup_PolicyOfSomebodyElse_StaysBesideOurs()
    {
        var resource = IamResource.Project(project);
        var theirs = new IamBinding("roles/viewer", ["group:everybody@acme.example"]) { Condition = "request.time < timestamp('2027-01-01T00:00:00Z')" };
        await ChangeAsync(resource, policy =>
        {
            policy.Record("storage.googleapis.com", "DATA_READ");
            return policy.Grant(theirs, "until then");
        });

        await RunAsync();

        var document = await Iam.ReadPolicyAsync(resource, Stop);
        Assert.Empty(document.Policy.Lacking(theirs));
        Assert.Contains("until then", document.Json.ToJsonString(), StringComparison.Ordinal);
        Assert.All(new[] { "storage.googleapis.com DATA_READ", "cloudkms.googleapis.com DATA_READ", "containeranalysis.googleapis.com DATA_WRITE", "artifactregistry.googleapis.com DATA_WRITE" }, log => Assert.True(document.Policy.Records(log.Split(' ')[0], log.Split(' ')[1]), log));
    }

    [Fact]
    public async Task Setup_SomebodyElseIsFaster_ReadsAgain()
    {
        fixture.Emulator.Faults.FailNext("IAMPolicy/SetIamPolicy", StatusCode.Aborted);
        try
        {
            await RunAsync();
        }
        finally
        {
            fixture.Emulator.Faults.Clear();
        }

        Assert.Empty(Steps(await RunAsync("--plan")));
    }

    [Fact]
    public async Task Setup_AccountThatPoliciesDoNotKnowYet_IsWaitedFor()
    {
        fixture.Emulator.Switches.ServiceAccountPropagation = TimeSpan.FromMilliseconds(300);
        try
        {
            await RunAsync();
        }
        finally
        {
            fixture.Emulator.Switches.ServiceAccountPropagation = TimeSpan.Zero;
        }

        Assert.Empty(Steps(await RunAsync("--plan")));
    }

    [Fact]
    public async Task Setup_CustomRoleDeletedOrChanged_IsAsPlannedAgain()
    {
        await RunAsync();
        var (deleted, changed) = ($"projects/{project}/roles/{AccessPlan.Load().Roles[0].Id}", $"projects/{project}/roles/{AccessPlan.Load().Roles[1].Id}");
        var identities = fixture.Get<IdentityClient>();
        var planned = await Iam.GetRoleAsync(changed, Stop);
        using var http = new HttpClient { BaseAddress = fixture.Emulator.RestEndpoint };
        (await http.DeleteAsync(new Uri($"/v1/{deleted}", UriKind.Relative), Stop)).EnsureSuccessStatusCode();
        await identities.UpdateRoleAsync(changed, new RoleDescription("Wider", "", planned.Append("containeranalysis.occurrences.delete").ToHashSet()), Stop);

        var answer = await RunAsync();

        Assert.Equal([$"custom role {deleted}", $"custom role {changed}"], Steps(answer));
        Assert.Equal(planned, await Iam.GetRoleAsync(changed, Stop));
        Assert.NotEmpty(await Iam.GetRoleAsync(deleted, Stop));
    }

    [Fact]
    public async Task Setup_SinkWithAnotherFilter_GetsOurs()
    {
        await RunAsync();
        var sinks = fixture.Get<LogSinkClient>();
        var sink = (await sinks.ListAsync(project, Stop)).Single(each => each.Name == "binauthz-denials");
        await sinks.UpdateAsync(project, sink with { Filter = "severity=ERROR" }, Stop);

        var answer = await RunAsync();

        Assert.Equal([$"log sink projects/{project}/sinks/binauthz-denials"], Steps(answer));
        Assert.Equal(sink, (await sinks.ListAsync(project, Stop)).Single(each => each.Name == "binauthz-denials"));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Endpoint => fixture.Emulator.GrpcEndpoint.ToString();

    private EnvironmentSetup Setup => fixture.Get<EnvironmentSetup>();

    private IamClient Iam => fixture.Get<IamClient>();

    private IamResource Key => IamResource.Key(DeploymentEnvironment.Production.Key(project, "us-central1"));

    private static SetupRequest Request(string id) => new(id, DeploymentEnvironment.Production, "us-central1", SignatureAlgorithm.Default);

    private string Member(string identity) => new AccessNames(project, DeploymentEnvironment.Production).Member(identity);

    private Task ChangeAsync(IamResource resource, Func<IamPolicyDocument, bool> change) => fixture.Get<PolicyWriter>().ChangeAsync(resource, change, Stop);

    private async Task<JsonNode> RunAsync(params string[] options)
    {
        var (code, answer) = await CommandLine.RunAsync(Endpoint, ["setup", project, "production", .. options]);
        Assert.Equal(ExitCode.Ok, code);
        return answer;
    }

    // What changes or would change.
    private static string[] Steps(JsonNode answer) => [.. answer["steps"]!.AsArray().Where(step => step!["change"]!.GetValue<bool>()).Select(step => $"{step!["kind"]} {step["resource"]}")];

    private static bool IsRead(string method) =>
        method.StartsWith("Get", StringComparison.Ordinal) || method.StartsWith("List", StringComparison.Ordinal) || method.EndsWith(".get", StringComparison.Ordinal) || method.EndsWith(".getIamPolicy", StringComparison.Ordinal);

    private static bool Cancel(CancellationTokenSource stop)
    {
        stop.Cancel();
        return true;
    }

    private sealed class Told(Action tell) : IProgress<SetupStep>
    {
        public void Report(SetupStep value) => tell();
    }
}
