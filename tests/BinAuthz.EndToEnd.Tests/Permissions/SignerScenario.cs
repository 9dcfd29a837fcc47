using System.Net.Http.Headers;
using System.Text;
using BinAuthz.Attestations;
using BinAuthz.Cli.Emulation;
using BinAuthz.Cli.Oci;
using BinAuthz.Emulator;
using BinAuthz.EndToEnd.Tests.Signing;
using BinAuthz.Functions;
using BinAuthz.Functions.Events;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Keys;
using BinAuthz.Setup;
using BinAuthz.Signing;
using CloudNative.CloudEvents;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.EndToEnd.Tests.Permissions;

/// <summary>The signer: it keeps what it cannot read, refuses, waits for scans, signs, signs anew in every way that there is, and looks for what to withdraw.</summary>
internal sealed class SignerScenario : FunctionScenario
{
    private const string Ci = "ci@acme-prod.iam.gserviceaccount.com";

    private const string Policy = $"{SigningWorld.Policy}\n{"""
          vulnerabilities:
            maximumFixable: LOW
            maximumUnfixable: LOW
            maxAge: 30d
          pushedBy: [ci@acme-prod.iam.gserviceaccount.com]
          labels: {team: payments}
        """}";

    private static readonly ImageTraits Traits = new() { Labels = new Dictionary<string, string> { ["team"] = "payments" } };

    private readonly ResignWorld world;
    private readonly (ImageReference Anew, ImageReference Replaced) resigned = (ResignWorld.NewImage(), ResignWorld.NewImage());
    private ImageReference good = null!;
    private ImageReference bad = null!;
    private ImageReference index = null!;
    private KeyVersionName second = null!;
    private string discovery = "";

    private SignerScenario(ResignWorld world) => this.world = world;

    public override string Identity => "signer";

    public override EmulatorHost Emulator => World.Emulator;

    public override AccessNames Names { get; } = WorldAccess.Names(SigningWorld.Project);

    private SigningWorld World => world.World;

    private static string Approval => $"projects/{SigningWorld.Project}/secrets/production-approval";

    public static async Task<SignerScenario> StartAsync()
    {
        var scenario = new SignerScenario(await ResignWorld.StartAsync(policy: Policy));
        await MakeSecretAsync(scenario.World.Http, Approval);
        scenario.second = await scenario.world.RotateAsync();
        scenario.World.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Ci);
        scenario.good = await scenario.PushAsync(index: false);
        scenario.bad = await scenario.World.PushAsync();
        scenario.index = await scenario.PushAsync(index: true);
        scenario.discovery = await VulnerabilityScan.RecordAsync(scenario.World.Http, scenario.good.ToString(), "FINISHED_SUCCESS", [], Stop);
        await scenario.World.BuildAsync(scenario.bad, new BuildSource("https://github.com/acme/evil", "refs/heads/main", SigningWorld.TrustedSource.Commit));
        scenario.World.Http.DefaultRequestHeaders.Authorization = null;
        return scenario;
    }

    /// <summary>Nothing is signed but two images by the first version: one in every place that there is, one in one of two.</summary>
    public override async Task PrepareAsync()
    {
        var analysis = World.Get<ContainerAnalysisClient>();
        await foreach (var page in analysis.ListAllAttestationsAsync(World.Note, Stop))
        {
            await Task.WhenAll(page.Select(attestation => analysis.DeleteOccurrenceAsync(attestation.Name, Stop)));
        }

        await world.AttestAsync(resigned.Anew, resigned.Anew.ResourceUri, 1);
        await world.AttestAsync(resigned.Anew, resigned.Anew.ToString(), 1);
        await world.AttestAsync(resigned.Replaced, resigned.Replaced.ResourceUri, 1);
        var forged = new Attestation("", resigned.Replaced.ToString(), World.Note, AttestationPayload.Create(resigned.Replaced), [new AttestationSignature("//keys.example/gone", new byte[64])], null);
        await analysis.CreateAttestationAsync(SigningWorld.Project, forged, Stop);
    }

    public override async Task RunAsync()
    {
        await using var services = new ServiceCollection().AddSingleton<TimeProvider>(new ImpatientTime()).AddBinAuthz(World.NewOptions(TimeSpan.FromMinutes(1), Identity))
            .AddSingleton<EventDelivery>().AddSingleton<NotifiedImages>().AddSingleton<SignImageFunction>().BuildServiceProvider();
        var function = services.GetRequiredService<SignImageFunction>();

        await MountAsync(services, Approval);
        await HandleAsync(function, "{");
        await HandleAsync(function, Push(bad));
        await HandleAsync(function, Push(index));
        await HandleAsync(function, $$"""{"name":"{{discovery}}","kind":"DISCOVERY"}""");
        await HandleAsync(function, Encoding.UTF8.GetString(new ResignRequest(World.Attestor, second, [resigned.Anew, resigned.Replaced]).ToJson()));
        await HandleAsync(function, Encoding.UTF8.GetString(new WithdrawRequest(World.Attestor, World.Key.Version(9), [good]).ToJson()));

        Assert.Empty(await World.AttestationsAsync(bad.Digest, index.Digest));
        await Task.WhenAll(new[] { good, resigned.Anew, resigned.Replaced }.Select(image => world.AttestationByAsync(image, second)));
    }

    public override ValueTask DisposeAsync() => world.DisposeAsync();

    private async Task<ImageReference> PushAsync(bool index)
    {
        var image = await World.PushAsync(index: index, traits: Traits, armTraits: index ? Traits : null);
        await World.BuildAsync(image);
        return image;
    }

    private static string Push(ImageReference image) => $$"""{"action":"INSERT","digest":"{{image}}"}""";

    private static Task HandleAsync(SignImageFunction function, string data) => function.HandleAsync(
        new CloudEvent { Id = "1001" }, new MessagePublished { Message = new PubsubMessage { Data = Encoding.UTF8.GetBytes(data) } }, Stop);
}
