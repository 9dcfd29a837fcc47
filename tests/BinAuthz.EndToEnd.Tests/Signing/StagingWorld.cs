using BinAuthz.Attestations;
using BinAuthz.Keys;
using BinAuthz.Setup;
using BinAuthz.Signing;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.EndToEnd.Tests.Signing;

/// <summary>A second environment on the emulator of a <see cref="SigningWorld"/>: staging, in a project of its own, which signs whatever is in the repository.</summary>
internal sealed class StagingWorld : IAsyncDisposable
{
    public const string Project = "acme-staging";

    private const string Policy = """
        environment: staging
        attestor: projects/acme-staging/attestors/staging-attestor
        rules:
          repositories: [us-central1-docker.pkg.dev/acme-prod/app/**]
          provenance: none
        """;

    private readonly DirectoryInfo scratch = Directory.CreateTempSubdirectory("binauthz-staging-");
    private readonly ServiceProvider services;

    private StagingWorld(SigningWorld production)
    {
        var path = Path.Combine(scratch.FullName, "approval.yaml");
        File.WriteAllText(path, Policy);
        services = new ServiceCollection()
            .AddBinAuthz(new BinAuthzOptions { Endpoint = production.Emulator.GrpcEndpoint, Approval = path, TrustLifetime = TimeSpan.Zero })
            .BuildServiceProvider();
    }

    public static AttestorName Attestor { get; } = DeploymentEnvironment.Staging.Attestor(Project);

    public static NoteName Note { get; } = DeploymentEnvironment.Staging.Note(Project);

    public static KeyVersionName Key { get; } = DeploymentEnvironment.Staging.Key(Project, SigningWorld.Location).Version(1);

    public ImageSigner Signer => services.GetRequiredService<ImageSigner>();

    public static async Task<StagingWorld> StartAsync(SigningWorld production)
    {
        var world = new StagingWorld(production);
        var request = new SetupRequest(Project, DeploymentEnvironment.Staging, SigningWorld.Location, SignatureAlgorithm.Default);
        await world.services.GetRequiredService<EnvironmentSetup>().ApplyAsync(request, new Progress<SetupStep>(), TestContext.Current.CancellationToken);
        return world;
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        scratch.Delete(recursive: true);
    }
}
