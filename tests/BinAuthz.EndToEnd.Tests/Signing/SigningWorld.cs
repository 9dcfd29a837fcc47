using BinAuthz.Attestations;
using BinAuthz.Cli.Emulation;
using BinAuthz.Cli.Oci;
using BinAuthz.Emulator;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Keys;
using BinAuthz.Setup;
using BinAuthz.Signing;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.EndToEnd.Tests.Signing;

/// <summary>A project on an emulator of its own, set up as production, with images to sign and the library's own services.</summary>
internal sealed class SigningWorld : IAsyncDisposable
{
    public const string Project = "acme-prod";
    public const string Repository = "us-central1-docker.pkg.dev/acme-prod/app/server";
    public const string Location = "us-central1";
    public static readonly BuildSource TrustedSource = new("https://github.com/acme/app", "refs/heads/main", "0f1e2d3c4b5a69788796a5b4c3d2e1f001122334");

    // Who pushes under a name of his own.
    private static readonly string[] Pushers = ["serviceAccount:ci@acme-prod.iam.gserviceaccount.com", "user:mallory@acme.example"];

    private readonly DirectoryInfo scratch = Directory.CreateTempSubdirectory("binauthz-signing-");
    private readonly ServiceProvider services;
    private readonly ServiceProvider preparation;
    private readonly ServiceProvider diagnosis;

    private SigningWorld(EmulatorHost emulator, TimeProvider time, string policy, TimeSpan trustLifetime)
    {
        Emulator = emulator;
        PolicyPath = Path.Combine(scratch.FullName, "approval.yaml");
        File.WriteAllText(PolicyPath, policy);
        Options = NewOptions(trustLifetime, "signer");
        services = Services(time, Options);
        preparation = Services(time, NewOptions(trustLifetime, identity: null));
        diagnosis = Services(time, NewOptions(trustLifetime, "alerter"));
        Http = new HttpClient { BaseAddress = emulator.RestEndpoint };
    }

    public const string Policy = """
        environment: production
        attestor: projects/acme-prod/attestors/production-attestor
        rules:
          repositories:
            - us-central1-docker.pkg.dev/acme-prod/app/**
          provenance:
            builders: [https://cloudbuild.googleapis.com/GoogleHostedWorker]
            sources: [https://github.com/acme/app]
            keys:
              - kms: projects/verified-builder/locations/global/keyRings/attestor/cryptoKeys/google-hosted-worker/cryptoKeyVersions/1
        """;

    public EmulatorHost Emulator { get; }

    public BinAuthzOptions Options { get; }

    public string PolicyPath { get; }

    public HttpClient Http { get; }

    public AttestorName Attestor { get; } = DeploymentEnvironment.Production.Attestor(Project);

    public NoteName Note { get; } = DeploymentEnvironment.Production.Note(Project);

    public KeyName Key { get; } = DeploymentEnvironment.Production.Key(Project, Location);

    public ImageSigner Signer => Get<ImageSigner>();

    /// <summary>A service of the function that it belongs to; clients, setup and readers of records are the test's own.</summary>
    public T Get<T>()
        where T : notnull => (typeof(T).Namespace switch
        {
            "BinAuthz.Signing" when typeof(T) != typeof(DecisionRecords) => services,
            "System" => services,
            "BinAuthz.Denials" => diagnosis,
            _ => preparation,
        }).GetRequiredService<T>();

    public static async Task<SigningWorld> StartAsync(SignatureAlgorithm? algorithm = null, TimeProvider? time = null, string? policy = null, TimeSpan trustLifetime = default)
    {
        var emulator = await EmulatorHost.StartAsync(new EmulatorOptions(), TestContext.Current.CancellationToken);
        // The log begins after the set-up, as the list of requests does.
        emulator.Switches.AuditAdminActivity = false;
        var world = new SigningWorld(emulator, time ?? TimeProvider.System, policy ?? Policy, trustLifetime);
        var request = new SetupRequest(Project, DeploymentEnvironment.Production, Location, algorithm ?? SignatureAlgorithm.Default);
        await world.Get<TrustSetup>().ApplyAsync(request, new Progress<SetupStep>(), TestContext.Current.CancellationToken);
        WorldAccess.Enforce(emulator, Project);
        emulator.Access.Bind($"projects/{Project}", "roles/artifactregistry.writer", Pushers);
        emulator.Requests.Clear();
        emulator.Switches.AuditAdminActivity = true;
        return world;
    }

    /// <summary>Pushes an image that no other test pushes.</summary>
    public async Task<ImageReference> PushAsync(string? message = null, bool index = false, string repository = Repository, ImageTraits? traits = null, ImageTraits? armTraits = null)
    {
        var layout = scratch.CreateSubdirectory(Guid.NewGuid().ToString("N"));
        var maker = new ImageMaker(layout.FullName);
        var root = index ? maker.MakeMultiPlatformImage(message ?? layout.Name, traits, armTraits) : maker.MakeImage(message ?? layout.Name, traits);
        var target = ImageTarget.Parse($"{repository}:{layout.Name[..8]}");
        using var archive = await ImageArchive.OpenAsync(layout.FullName, target.Tag, TestContext.Current.CancellationToken);
        await new RegistryPush(Http, archive, target).PushAsync(_ => { }, TestContext.Current.CancellationToken);
        return ImageReference.Parse($"{target.Name}@{root.Digest}");
    }

    /// <summary>Pushes an image that the trusted builder built.</summary>
    public async Task<ImageReference> PushBuiltAsync(bool index = false)
    {
        var image = await PushAsync(index: index);
        await BuildAsync(image);
        return image;
    }

    public Task BuildAsync(ImageReference image, BuildSource? source = null) =>
        CloudBuild.RecordAsync(Http, image.ToString(), source ?? TrustedSource, TestContext.Current.CancellationToken);

    public async Task<SigningOutcome> SignAsync(ImageReference image) => Assert.Single(await Signer.SignAsync(image, TestContext.Current.CancellationToken));

    public Task<IReadOnlyList<Attestation>> AttestationsAsync(params ImageDigest[] digests) =>
        Get<ContainerAnalysisClient>().ListAttestationsAsync(Note, digests, TestContext.Current.CancellationToken);

    /// <summary>Whether the emulated service, whose verifier is its own, accepts an attestation.</summary>
    public async Task<bool> IsAcceptedAsync(Attestation attestation) =>
        await Get<BinaryAuthorizationClient>().RefusalAsync(Attestor, attestation, TestContext.Current.CancellationToken) is null;

    /// <summary>Puts something else in the place of an object, as one who administers the bucket can while its retention is not locked.</summary>
    public async Task ForgeEvidenceAsync(string name, byte[] content)
    {
        var bucket = EvidenceBucket.Default(Project).Name;
        using var unlocked = await Http.PatchAsync(new Uri($"/storage/v1/b/{bucket}", UriKind.Relative), new StringContent("""{"retentionPolicy":null}"""), TestContext.Current.CancellationToken);
        unlocked.EnsureSuccessStatusCode();
        using var deleted = await Http.DeleteAsync(new Uri($"/storage/v1/b/{bucket}/o/{Uri.EscapeDataString(name)}", UriKind.Relative), TestContext.Current.CancellationToken);
        deleted.EnsureSuccessStatusCode();
        await Get<StorageClient>().CreateAsync(bucket, name, content, "application/json", TestContext.Current.CancellationToken);
    }

    /// <summary>The options of the function that runs as an identity of the environment; null: of the test's own calls.</summary>
    public BinAuthzOptions NewOptions(TimeSpan trustLifetime, string? identity) => new()
    {
        Endpoint = Emulator.GrpcEndpoint,
        Approval = PolicyPath,
        TrustLifetime = trustLifetime,
        Principal = identity is null ? null : WorldAccess.Principal(Project, identity),
    };

    private static ServiceProvider Services(TimeProvider time, BinAuthzOptions options) => new ServiceCollection().AddSingleton(time).AddBinAuthz(options).BuildServiceProvider();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await services.DisposeAsync();
        await preparation.DisposeAsync();
        await diagnosis.DisposeAsync();
        await Emulator.DisposeAsync();
        scratch.Delete(recursive: true);
    }
}
