using System.Text;
using BinAuthz.Attestations;
using BinAuthz.Emulator;
using BinAuthz.EndToEnd.Tests.Rotation;
using BinAuthz.Functions.Events;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Rotation;
using BinAuthz.Setup;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.EndToEnd.Tests.Permissions;

/// <summary>The rotator: it keeps what it cannot read, replaces a key by one of another algorithm until the old version's end, and revokes the new one.</summary>
internal sealed class RotatorScenario : FunctionScenario
{
    private readonly RotatorEmulator google;
    private RotatorWorld? world;

    private RotatorScenario(RotatorEmulator google) => this.google = google;

    public override string Identity => "rotator";

    public override EmulatorHost Emulator => google.Host;

    public override AccessNames Names => WorldAccess.Names(World.Project);

    private RotatorWorld World => world!;

    private string Approval => $"projects/{World.Project}/secrets/production-approval";

    public static async Task<RotatorScenario> StartAsync()
    {
        var google = new RotatorEmulator();
        await google.InitializeAsync();
        return new RotatorScenario(google);
    }

    /// <summary>A new project, in which an image is attested and runs.</summary>
    public override async Task PrepareAsync()
    {
        await EndAsync();
        world = await RotatorWorld.StartAsync(google);
        using var http = new HttpClient { BaseAddress = google.Host.RestEndpoint };
        await MakeSecretAsync(http, Approval);
        using var repository = await http.PostAsync(
            new Uri($"/v1/projects/{World.Project}/locations/us-central1/repositories?repositoryId=app", UriKind.Relative), new StringContent("""{"format":"DOCKER"}""", Encoding.UTF8, "application/json"), Stop);
        repository.EnsureSuccessStatusCode();
        await StartPodAsync(http);
        await AttestAsync(1);
    }

    public override async Task RunAsync()
    {
        var rotator = World.NewInstance(change: options => options.Rotation.Algorithm = "ec-sign-p384-sha384");
        await using var services = new ServiceCollection()
            .AddRotation(new BinAuthzOptions { Endpoint = google.Host.GrpcEndpoint, Principal = Names.Email(Identity) }, World.Project).AddSingleton<EventDelivery>().BuildServiceProvider();
        await MountAsync(services, Approval);
        await services.GetRequiredService<EventDelivery>().RunAsync("1001", new MessagePublished(), (_, _) => throw new UnreadableEventException("It is none."), Stop);

        Assert.Contains("create-version trust", await RunAfterAsync(rotator, TimeSpan.Zero), StringComparison.Ordinal);
        Assert.Contains("resign", await RunAfterAsync(rotator, TimeSpan.FromHours(1)), StringComparison.Ordinal);
        await AttestAsync(2);
        Assert.StartsWith("distrust disable", await RunAfterAsync(rotator, TimeSpan.FromDays(8)), StringComparison.Ordinal);
        Assert.StartsWith("schedule-destroy", await RunAfterAsync(rotator, TimeSpan.FromDays(31)), StringComparison.Ordinal);
        var revoked = await World.RevokeAsync(2, rotator);
        Assert.Empty(revoked.Warnings);
        Assert.False(revoked.State.IsTrusted(World.Subject.Key.Version(2)));
    }

    public override async ValueTask DisposeAsync()
    {
        await EndAsync();
        await google.DisposeAsync();
    }

    private async Task EndAsync()
    {
        if (world is not null)
        {
            await world.DisposeAsync();
        }
    }

    private async Task<string> RunAfterAsync(KeyRotator rotator, TimeSpan time)
    {
        google.Clock.Advance(time);
        var report = await rotator.RunAsync(World.Subject, Stop);
        Assert.Empty(report.State.Live?.Warnings ?? []);
        return RotatorWorld.Words(report);
    }

    private ImageReference Image => ImageReference.Parse($"us-central1-docker.pkg.dev/{World.Project}/app/server@sha256:{new string('a', 64)}");

    private async Task StartPodAsync(HttpClient http)
    {
        var pod = $$$"""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"server","labels":{"image-policy.k8s.io/break-glass":"true"}},"spec":{"containers":[{"name":"main","image":"{{{Image}}}"}]}}""";
        using var answer = await http.PostAsync(new Uri($"/clusters/{World.Project}/us-central1/prod/api/v1/namespaces/default/pods", UriKind.Relative), new StringContent(pod, Encoding.UTF8, "application/json"), Stop);
        answer.EnsureSuccessStatusCode();
    }

    private async Task AttestAsync(long version)
    {
        var image = Image;
        var (payload, note) = (AttestationPayload.Create(image), DeploymentEnvironment.Production.Note(World.Project));
        var keys = World.Get<KeyManagementClient>();
        var (_, algorithm) = await keys.GetPublicKeyAsync(World.Subject.Key.Version(version), Stop);
        var signature = new AttestationSignature(World.Subject.Key.Version(version).PublicKeyId, await keys.SignAsync(World.Subject.Key.Version(version), algorithm!, payload, Stop));
        var uri = version == 1 ? image.ResourceUri : image.ToString();
        Assert.NotNull(await World.Get<ContainerAnalysisClient>().CreateAttestationAsync(World.Project, new Attestation("", uri, note, payload, [signature], null), Stop));
    }
}
