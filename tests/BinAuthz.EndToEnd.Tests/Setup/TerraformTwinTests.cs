using System.Text.Json.Nodes;
using BinAuthz.EndToEnd.Tests.Cli;
using BinAuthz.Keys;
using BinAuthz.Setup;
using BinAuthz.Tests.Deployment;

namespace BinAuthz.EndToEnd.Tests.Setup;

/// <summary>What <c>binauthz setup</c> makes stands on the emulator as terraform plans it: names, keys, policy, note, topics, bucket, sinks, identities, roles, who may do what.</summary>
public sealed class TerraformTwinTests(DoctorFixture fixture) : IClassFixture<DoctorFixture>
{
    [Theory]
    [InlineData("development")]
    [InlineData("staging")]
    [InlineData("production")]
    public async Task Setup_Environment_IsAsTerraformPlansIt(string environment)
    {
        var plan = PlannedEnvironment.Read(environment);
        var names = plan.Names;
        foreach (var parts in names.Repositories.Select(repository => repository.Split('/')))
        {
            await fixture.PostAsync($"v1/projects/{parts[1]}/locations/{parts[3]}/repositories?repositoryId={parts[5]}", new JsonObject { ["format"] = "DOCKER" });
        }

        var retention = PlannedEnvironment.Items(plan.One("google_storage_bucket"), "retention_policy").Single()["retention_period"]!.GetValue<double>();
        var request = new SetupRequest(plan.Project, plan.Environment, plan.Location, SignatureAlgorithm.Default) { Repositories = names.Repositories, Retention = TimeSpan.FromSeconds(retention) };
        await fixture.Get<EnvironmentSetup>().ApplyAsync(request, new Progress<SetupStep>(), TestContext.Current.CancellationToken);

        var planned = PlannedTwin.Describe(plan);
        var standing = await new StandingTwin(fixture, plan).DescribeAsync();
        Assert.True(planned.Count > 40, $"The plan has {planned.Count} things.");
        Assert.Equal(planned, standing);
    }
}
