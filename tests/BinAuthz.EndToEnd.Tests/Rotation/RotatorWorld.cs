using BinAuthz.GoogleCloud;
using BinAuthz.Keys;
using BinAuthz.Rotation;
using BinAuthz.Setup;
using BinAuthz.Signing;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Authz = Google.Cloud.BinaryAuthorization.V1;

namespace BinAuthz.EndToEnd.Tests.Rotation;

/// <summary>A project that was set up as production, and any number of instances of the rotator, each with connections of its own.</summary>
internal sealed class RotatorWorld : IAsyncDisposable
{
    private const string Location = "us-central1";
    private readonly RotatorEmulator google;
    private readonly List<ServiceProvider> instances = [];
    private readonly GrpcChannel channel;
    private readonly ServiceProvider preparation;

    private RotatorWorld(RotatorEmulator google)
    {
        this.google = google;
        Project = google.NextProject();
        channel = GrpcChannel.ForAddress(google.Host.GrpcEndpoint);
        Subject = new SigningIdentity("production", DeploymentEnvironment.Production.Attestor(Project), DeploymentEnvironment.Production.Key(Project, Location));
        preparation = new ServiceCollection().AddSingleton<TimeProvider>(google.Clock).AddRotation(new BinAuthzOptions { Endpoint = google.Host.GrpcEndpoint }, Project).BuildServiceProvider();
        Rotator = NewInstance();
    }

    public string Project { get; }

    public SigningIdentity Subject { get; }

    public KeyRotator Rotator { get; }

    public Authz.BinauthzManagementServiceV1.BinauthzManagementServiceV1Client Management => new(channel);

    public static async Task<RotatorWorld> StartAsync(RotatorEmulator google, SignatureAlgorithm? algorithm = null)
    {
        google.Host.Faults.Clear();
        google.Clock.Hurries = false;
        var world = new RotatorWorld(google);
        var request = new SetupRequest(world.Project, DeploymentEnvironment.Production, Location, algorithm ?? SignatureAlgorithm.Default);
        await world.Get<TrustSetup>().ApplyAsync(request, new Progress<SetupStep>(), TestContext.Current.CancellationToken);
        WorldAccess.Enforce(google.Host, world.Project);
        return world;
    }

    /// <summary>A service of the rotator; clients and setup are the test's own.</summary>
    public T Get<T>()
        where T : notnull => (typeof(T).Namespace == "BinAuthz.Rotation" ? instances[0] : preparation).GetRequiredService<T>();

    /// <summary>A process of its own.</summary>
    /// <param name="end">When it ends.</param>
    /// <param name="change">Of its options.</param>
    /// <param name="storage">What sends its calls of Cloud Storage.</param>
    public KeyRotator NewInstance(ProcessEnd? end = null, Action<BinAuthzOptions>? change = null, HttpMessageHandler? storage = null)
    {
        var options = new BinAuthzOptions { Endpoint = google.Host.GrpcEndpoint, Principal = WorldAccess.Principal(Project, "rotator") };
        change?.Invoke(options);
        var services = new ServiceCollection().AddSingleton<TimeProvider>(google.Clock).AddRotation(options, Project);
        if (end is not null)
        {
            services.AddSingleton(end.NewHandler());
        }

        if ((storage ?? end?.NewHandler()) is { } sender)
        {
            services.AddSingleton(provider => new GoogleHttp(new HttpClient(sender), options, provider.GetRequiredService<GoogleTokens>(), google.Clock));
        }

        instances.Add(services.BuildServiceProvider());
        return instances[^1].GetRequiredService<KeyRotator>();
    }

    /// <summary>Runs, and tells what was done and what is next, such as <c>create-version trust record-trust -> propagate</c>.</summary>
    public async Task<string> RunAsync(KeyRotator? instance = null) => Words(await (instance ?? Rotator).RunAsync(Subject, TestContext.Current.CancellationToken));

    /// <summary>Runs after some time.</summary>
    public Task<string> RunAfterAsync(TimeSpan time)
    {
        google.Clock.Advance(time);
        return RunAsync();
    }

    public Task<RotationReport> RevokeAsync(long version, KeyRotator? instance = null) =>
        (instance ?? Rotator).RevokeAsync(Subject, new RevocationRequest(Subject.Key.Version(version), google.Clock.GetUtcNow(), "a laptop was stolen", "ops@acme.example"), TestContext.Current.CancellationToken);

    /// <summary>Runs or revokes in a process that is killed perhaps.</summary>
    /// <returns>Whether it was.</returns>
    public static async Task<bool> SurviveAsync(Func<Task> act, ProcessEnd end)
    {
        try
        {
            await act();
        }
        catch (Exception) when (end.HasStruck)
        {
            // The process is no more.
        }

        return end.HasStruck;
    }

    /// <summary>All versions, such as <c>1 Disabled, 2 Enabled trusted</c>.</summary>
    public async Task<string> StatesAsync()
    {
        var listed = await TrustedAsync();
        var versions = await Get<KeyManagementClient>().ListVersionsAsync(Subject.Key, TestContext.Current.CancellationToken);
        return string.Join(", ", versions.Select(version => $"{version.Name.Version} {version.State}{(listed.Contains(version.Name.PublicKeyId) ? " trusted" : "")}"));
    }

    /// <summary>The records in the order of time, such as <c>1 Trusted, 1 Revoked</c>.</summary>
    public async Task<string> RecordsAsync() =>
        string.Join(", ", (await Get<KeyRecords>().ReadAsync(Subject.Attestor, Subject.Key, TestContext.Current.CancellationToken)).Select(record => $"{record.Version.Version} {record.Kind}"));

    /// <summary>The ids of the attestor's keys.</summary>
    public async Task<IReadOnlyList<string>> TrustedAsync() => [.. (await AttestorAsync()).UserOwnedGrafeasNote.PublicKeys.Select(key => key.Id)];

    public async Task<Authz.Attestor> AttestorAsync() =>
        await Management.GetAttestorAsync(new Authz.GetAttestorRequest { Name = Subject.Attestor.ToString() }, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Adds copies of the first key to the attestor by hand, under other ids.</summary>
    public async Task AddByHandAsync(params IEnumerable<string> ids)
    {
        var attestor = await AttestorAsync();
        var pem = attestor.UserOwnedGrafeasNote.PublicKeys[0].PkixPublicKey;
        attestor.UserOwnedGrafeasNote.PublicKeys.AddRange(ids.Select(id => new Authz.AttestorPublicKey { Id = id, PkixPublicKey = new Authz.PkixPublicKey { PublicKeyPem = pem.PublicKeyPem, SignatureAlgorithm = pem.SignatureAlgorithm } }));
        await Management.UpdateAttestorAsync(new Authz.UpdateAttestorRequest { Attestor = attestor }, cancellationToken: TestContext.Current.CancellationToken);
    }

    public static string Words(RotationReport report) => $"{string.Join(' ', report.Performed.Select(step => step.Code))} -> {report.Next.Code}".TrimStart();

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in instances)
        {
            await instance.DisposeAsync();
        }

        await preparation.DisposeAsync();
        channel.Dispose();
    }
}
