using System.Globalization;
using BinAuthz.Alerting.Secrets;
using BinAuthz.Attestations;
using BinAuthz.Decisions;
using BinAuthz.Denials;
using BinAuthz.EndToEnd.Tests.Denials;
using BinAuthz.EndToEnd.Tests.Signing;
using BinAuthz.Emulator;
using BinAuthz.Functions;
using BinAuthz.Functions.Events;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Keys;
using BinAuthz.Alerting;
using BinAuthz.Approval;
using BinAuthz.Setup;
using CloudNative.CloudEvents;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.EndToEnd.Tests.Permissions;

/// <summary>The alerter: it keeps what it cannot read, tells a denial and counts the next, sweeps, and finds each cause that it has to look for.</summary>
internal sealed class AlerterScenario : FunctionScenario
{
    private const string Channel = $"projects/{SigningWorld.Project}/secrets/slack";
    private const string Alerts = $"projects/{SigningWorld.Project}/secrets/production-alerts";
    private readonly SigningWorld world;
    private readonly string policy = Path.GetTempFileName();
    private ImageReference refused = null!;
    private ImageReference child = null!;
    private ImageReference attested = null!;
    private ImageReference elsewhere = null!;
    private string tag = "";
    private int entries;

    private AlerterScenario(SigningWorld world) => this.world = world;

    public override string Identity => "alerter";

    public override EmulatorHost Emulator => world.Emulator;

    public override AccessNames Names { get; } = WorldAccess.Names(SigningWorld.Project) with { ChannelSecrets = [Channel] };

    public static async Task<AlerterScenario> StartAsync()
    {
        var scenario = new AlerterScenario(await SigningWorld.StartAsync());
        await File.WriteAllTextAsync(scenario.policy, $"project: {SigningWorld.Project}\nenvironments:\n  production: {{projects: [{SigningWorld.Project}]}}\n", Stop);
        await MakeSecretAsync(scenario.world.Http, Alerts);
        await MakeSecretAsync(scenario.world.Http, Channel);
        var index = await scenario.world.PushBuiltAsync(index: true);
        await scenario.world.SignAsync(index);
        Assert.True(RepositoryPath.TryParse(index.Name, out var repository));
        var platform = (await scenario.world.Get<ArtifactRegistryClient>().FindAsync(repository, index.Digest, Stop))!.RunnablePlatforms[0];
        scenario.child = index.WithDigest(platform);
        foreach (var attestation in await scenario.world.AttestationsAsync(platform))
        {
            await scenario.world.Get<ContainerAnalysisClient>().DeleteOccurrenceAsync(attestation.Name, Stop);
        }

        await scenario.world.Get<KeyManagementClient>().CreateVersionAsync(scenario.world.Key, SignatureAlgorithm.Default, Stop);
        scenario.attested = await scenario.AttestAsync(scenario.world.Note);
        var other = NoteName.Parse($"projects/{SigningWorld.Project}/notes/scanned-note");
        await scenario.world.Get<ContainerAnalysisClient>().EnsureNoteAsync(other, "scanned", Stop);
        scenario.elsewhere = await scenario.AttestAsync(other);
        scenario.tag = Assert.Single((await scenario.world.Get<ArtifactRegistryClient>().FindAsync(repository, scenario.attested.Digest, Stop))!.Tags);
        return scenario;
    }

    private async Task<ImageReference> AttestAsync(NoteName note)
    {
        var image = await world.PushBuiltAsync();
        var stored = new Attestation("", image.ResourceUri, note, AttestationPayload.Create(image), [new AttestationSignature(world.Key.Version(2).PublicKeyId, new byte[70])], null);
        await world.Get<ContainerAnalysisClient>().CreateAttestationAsync(SigningWorld.Project, stored, Stop);
        return image;
    }

    /// <summary>An image that nobody was told of yet, and that approval refused.</summary>
    public override async Task PrepareAsync()
    {
        refused = await world.PushBuiltAsync();
        var decision = new Decision(TimeProvider.System.GetUtcNow(), "production", world.Attestor, refused, "rejected", "no", ApprovalMode.Enforce, "sha256:0", []);
        await world.Get<RefusalRecords>().StoreAsync(world.Get<EvidenceBucket>(), decision, DecisionJson.Write(decision), Stop);
    }

    public override async Task RunAsync()
    {
        var options = world.NewOptions(TimeSpan.Zero, Identity);
        options.Alerts = policy;
        await using var services = Services(options);
        await MountAsync(services, Alerts);
        Assert.True(SecretVersionName.TryParse($"{Channel}/versions/latest", out var version));
        Assert.Equal("a", await services.GetRequiredService<AlertSecrets>().ReadAsync("slack", new SecretReference.Managed(version), Stop));

        await DiagnoseAsync(services, refused, DiagnosisCause.RejectedByApproval, "");
        await DiagnoseAsync(services, child, DiagnosisCause.ChildOfAttestedIndex, "");
        await DiagnoseAsync(services, attested, DiagnosisCause.KeyNoLongerTrusted, "ENABLED in Cloud KMS");
        await DiagnoseAsync(services, elsewhere, DiagnosisCause.AttestedUnderAnotherNote, "scanned-note");
        await DiagnoseAsync(services, ResignWorld.NewImage(), DiagnosisCause.DigestUnknown, "");
        await DiagnoseAsync(services, $"{SigningWorld.Repository}:{tag}", DiagnosisCause.TagInsteadOfDigest, $"means {attested.Digest} now");

        await ActivatorUtilities.CreateInstance<AlertOnDenialFunction>(services).HandleAsync(
            new CloudEvent { Id = "1001" }, new MessagePublished { Message = new PubsubMessage { Data = "{"u8.ToArray() } }, Stop);
        await services.GetRequiredService<DenialAlerter>().AlertAsync([Denial()], "first", Stop);
        await using var another = Services(options);
        await another.GetRequiredService<DenialAlerter>().AlertAsync([Denial()], "second", Stop);
        await another.GetRequiredService<DenialAlerter>().SweepAsync(Stop);
    }

    public override async ValueTask DisposeAsync()
    {
        File.Delete(policy);
        await world.DisposeAsync();
    }

    private static async Task DiagnoseAsync(IServiceProvider services, object image, DiagnosisCause cause, string detail)
    {
        var diagnosis = await services.GetRequiredService<FindingDiagnosis>().DiagnoseAsync(Findings.Denial(image), Stop);
        Assert.Equal((cause, false), (diagnosis.Cause, diagnosis.Detail.Contains("Not known", StringComparison.Ordinal)));
        Assert.Contains(detail, diagnosis.Detail, StringComparison.Ordinal);
    }

    private static ServiceProvider Services(BinAuthzOptions options) => new ServiceCollection().AddAlerting(options).AddSingleton<EventDelivery>().BuildServiceProvider();

    private Finding Denial()
    {
        var finding = Findings.Denial(refused);
        return finding with { Source = finding.Source with { InsertId = (++entries).ToString(CultureInfo.InvariantCulture), Time = TimeProvider.System.GetUtcNow() } };
    }
}
