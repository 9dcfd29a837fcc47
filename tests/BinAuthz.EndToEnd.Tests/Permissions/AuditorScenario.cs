using System.Net;
using System.Text;
using BinAuthz.Attestations;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Reports;
using BinAuthz.Emulator;
using BinAuthz.EndToEnd.Tests.Auditing;
using BinAuthz.EndToEnd.Tests.Signing;
using BinAuthz.Functions.Events;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Keys;
using BinAuthz.Setup;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.EndToEnd.Tests.Permissions;

/// <summary>The auditor: it keeps what it cannot read, audits in parts with every rule assessed, keeps and signs the report, tells findings, and sends an image back.</summary>
internal sealed class AuditorScenario : FunctionScenario
{
    private const string Approval = $"projects/{SigningWorld.Project}/secrets/production-approval";
    private readonly ScheduledAuditWorld world;
    private DateTimeOffset due = TimeProvider.System.GetUtcNow();
    private int runs;

    private AuditorScenario(ScheduledAuditWorld world) => this.world = world;

    public override string Identity => "auditor";

    public override EmulatorHost Emulator => world.Signing.Emulator;

    public override AccessNames Names { get; } = WorldAccess.Names(SigningWorld.Project);

    public static async Task<AuditorScenario> StartAsync()
    {
        var scenario = new AuditorScenario(await ScheduledAuditWorld.StartAsync());
        await MakeSecretAsync(scenario.world.Signing.Http, Approval);
        await scenario.world.Signing.SignAsync(await scenario.world.Signing.PushBuiltAsync(index: true));
        await scenario.BeDeniedAsync(await scenario.world.Signing.PushAsync());
        await scenario.RecordAttestationsAsync();
        return scenario;
    }

    // What is granted in the project besides is granted anew for each run.
    private async Task RecordAttestationsAsync()
    {
        const string Logs = """{"policy":{"auditConfigs":[{"service":"containeranalysis.googleapis.com","auditLogConfigs":[{"logType":"DATA_WRITE"}]}]},"updateMask":"auditConfigs"}""";
        using var set = await world.Signing.Http.PostAsync(new Uri($"/v1/projects/{SigningWorld.Project}:setIamPolicy", UriKind.Relative), new StringContent(Logs, Encoding.UTF8, "application/json"), Stop);
        set.EnsureSuccessStatusCode();
    }

    // By digest and by tag, so that the cause is looked for in both ways.
    private async Task BeDeniedAsync(ImageReference image)
    {
        var key = await world.Signing.Get<KeyManagementClient>().CreateVersionAsync(world.Signing.Key, SignatureAlgorithm.Default, Stop);
        var untrusted = ResignWorld.NewImage();
        var stored = new Attestation("", untrusted.ResourceUri, world.Signing.Note, AttestationPayload.Create(untrusted), [new AttestationSignature(key.Name.PublicKeyId, new byte[70])], null);
        await world.Signing.Get<ContainerAnalysisClient>().CreateAttestationAsync(SigningWorld.Project, stored, Stop);
        foreach (var denied in new[] { image.ToString(), untrusted.ToString(), $"{SigningWorld.Repository}:none" })
        {
            var pod = $$$"""{"apiVersion":"v1","kind":"Pod","metadata":{"generateName":"server-"},"spec":{"containers":[{"name":"main","image":"{{{denied}}}"}]}}""";
            using var answer = await world.Signing.Http.PostAsync(
                new Uri($"/clusters/{SigningWorld.Project}/us-central1/prod/api/v1/namespaces/default/pods", UriKind.Relative), new StringContent(pod, Encoding.UTF8, "application/json"), Stop);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
    }

    /// <summary>Something new that is wrong.</summary>
    public override async Task PrepareAsync()
    {
        await world.PlantAsync(++runs, 1);
        await world.PartsAsync();
        await world.SentBackAsync();
        due = new[] { due, TimeProvider.System.GetUtcNow() }.Max() + TimeSpan.FromSeconds(1);
    }

    public override async Task RunAsync()
    {
        var audit = world.NewInstance(shardSize: 2);
        var services = world.Get<IServiceProvider>();
        await MountAsync(services, Approval);
        await ActivatorUtilities.CreateInstance<EventDelivery>(services).RunAsync("1001", new MessagePublished(), (_, _) => throw new UnreadableEventException("It is none."), Stop);

        var outcomes = new List<ScheduledOutcome> { await audit.RunAsync(due, Stop) };
        for (var parts = await world.PartsAsync(); parts.Count > 0; parts = await world.PartsAsync())
        {
            foreach (var part in parts)
            {
                outcomes.Add(await audit.RunAsync(AuditBody.Read(part)!, Stop));
            }
        }

        var report = Assert.Single(outcomes.OfType<ScheduledOutcome.Reported>()).Stored.Report;
        Assert.All(report.Rules, rule => Assert.True(rule.Status != RuleStatus.NotAssessed, $"{rule.Id}: {rule.Reason}"));
        Assert.DoesNotContain(report.Findings, finding => finding.Detail.Contains("PermissionDenied", StringComparison.Ordinal));
        Assert.NotEmpty(await world.SentBackAsync());
    }

    public override ValueTask DisposeAsync() => world.DisposeAsync();
}
