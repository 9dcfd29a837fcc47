using BinAuthz.Attestations;
using BinAuthz.Emulator;
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
        var principal = WorldAccess.Principal(Project, "signer", "staging");
        services = new ServiceCollection()
            .AddBinAuthz(new BinAuthzOptions { Endpoint = production.Emulator.GrpcEndpoint, Principal = principal, Approval = path, TrustLifetime = TimeSpan.Zero })
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
        await production.Get<TrustSetup>().ApplyAsync(request, new Progress<SetupStep>(), TestContext.Current.CancellationToken);
        Grant(production.Emulator);
        return world;
    }

    // Staging signs images of production's repository, and production's signer reads what staging attested: neither is in a plan, which is of one project.
    private static void Grant(EmulatorHost emulator)
    {
        WorldAccess.Enforce(emulator, Project, "staging");
        string[] staging = [WorldAccess.Names(Project, "staging").Member("signer")];
        emulator.Access.DefineRole($"projects/{SigningWorld.Project}/roles/promotion", ["artifactregistry.dockerimages.get", "artifactregistry.repositories.downloadArtifacts", "containeranalysis.occurrences.list"]);
        emulator.Access.Bind($"projects/{SigningWorld.Project}", $"projects/{SigningWorld.Project}/roles/promotion", staging);
        GrantProduction(emulator);
    }

    /// <summary>Lets production's signer read what staging attests.</summary>
    public static void GrantProduction(EmulatorHost emulator)
    {
        emulator.Access.DefineRole($"projects/{Project}/roles/promotion", ["binaryauthorization.attestors.get", "containeranalysis.notes.listOccurrences", "containeranalysis.occurrences.get"]);
        emulator.Access.Bind($"projects/{Project}", $"projects/{Project}/roles/promotion", [WorldAccess.Names(SigningWorld.Project).Member("signer")]);
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        scratch.Delete(recursive: true);
    }
}
