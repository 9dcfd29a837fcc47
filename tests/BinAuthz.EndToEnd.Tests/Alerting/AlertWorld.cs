using System.Globalization;
using System.Text.Json;
using BinAuthz.Alerting;
using BinAuthz.Denials;
using BinAuthz.EndToEnd.Tests.Denials;
using BinAuthz.Emulator;
using BinAuthz.GoogleCloud;
using BinAuthz.Setup;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using PubSub = Google.Cloud.PubSub.V1;

namespace BinAuthz.EndToEnd.Tests.Alerting;

/// <summary>An evidence bucket and an alerts topic on an emulator, two channels, and any number of instances of the alerter, each with a memory of its own.</summary>
internal sealed class AlertWorld : IAsyncDisposable
{
    public const string Project = "acme-prod";
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);
    private const string Subscription = $"projects/{Project}/subscriptions/alerts";

    private readonly DirectoryInfo scratch = Directory.CreateTempSubdirectory("binauthz-alerting-");
    private readonly List<ServiceProvider> instances = [];
    private readonly GrpcChannel channel;
    private readonly ServiceProvider preparation;
    private readonly AlertPolicy policy;
    private int entries;
    private int diagnoses;

    private AlertWorld(EmulatorHost emulator, int burst)
    {
        Emulator = emulator;
        channel = GrpcChannel.ForAddress(emulator.GrpcEndpoint);
        preparation = new ServiceCollection().AddGoogleCloud(new BinAuthzOptions { Endpoint = emulator.GrpcEndpoint }).BuildServiceProvider();
        policy = new AlertPolicy(Project, [new AlertEnvironment("production", [Project], [])], Window, burst, [], [new AlertRoute(["oncall", "team"], [], [], AlertSeverity.Info)]);
        File.WriteAllText(PolicyPath, $"project: {Project}\nenvironments:\n  production: {{projects: [{Project}]}}\n");
        Alerter = NewInstance();
    }

    public EmulatorHost Emulator { get; }

    public AlertClock Clock { get; } = new();

    public RecordingChannel Oncall { get; } = new("oncall");

    public RecordingChannel Team { get; } = new("team");

    public DenialAlerter Alerter { get; }

    /// <summary>What the diagnosis finds from now on.</summary>
    public DiagnosisCause Cause { get; set; } = DiagnosisCause.NotAttested;

    public int Diagnoses => diagnoses;

    public string PolicyPath => Path.Combine(scratch.FullName, "alerts.yaml");

    public static async Task<AlertWorld> StartAsync(int burst = 20)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var emulator = await EmulatorHost.StartAsync(new EmulatorOptions(), cancellation);
        var world = new AlertWorld(emulator, burst);
        await world.Get<StorageClient>().EnsureBucketAsync(Project, EvidenceBucket.Default(Project).Name, "us-central1", SetupRequest.DefaultRetention, cancellation);
        await world.Get<PublisherClient>().EnsureTopicAsync(AlertsTopic.Of(Project, "production"), cancellation);
        WorldAccess.Enforce(emulator, Project);
        await new PubSub.Subscriber.SubscriberClient(world.channel).CreateSubscriptionAsync(
            new PubSub.Subscription { Name = Subscription, Topic = AlertsTopic.Of(Project, "production"), AckDeadlineSeconds = 600 }, cancellationToken: cancellation);
        return world;
    }

    /// <summary>A client of the test's own.</summary>
    public T Get<T>()
        where T : notnull => preparation.GetRequiredService<T>();

    /// <summary>A process that knows nothing yet.</summary>
    public DenialAlerter NewInstance(KillSwitch? kill = null)
    {
        var options = new BinAuthzOptions { Endpoint = Emulator.GrpcEndpoint, Principal = WorldAccess.Principal(Project, "alerter"), Alerts = PolicyPath };
        var services = new ServiceCollection().AddSingleton<TimeProvider>(Clock).AddAlerting(options)
            .AddSingleton(policy)
            .AddSingleton<IReadOnlyList<IAlertChannel>>([Oncall, Team])
            .AddSingleton<Func<Finding, CancellationToken, Task<Diagnosis>>>((_, _) => Task.FromResult(Diagnose()));
        if (kill is not null)
        {
            services.AddSingleton(provider => new GoogleHttp(new HttpClient(kill), options, provider.GetRequiredService<GoogleTokens>(), Clock));
        }

        instances.Add(services.BuildServiceProvider());
        return instances[^1].GetRequiredService<DenialAlerter>();
    }

    /// <summary>A denial in a log entry of its own, now.</summary>
    public Finding Denial(string image = "us-central1-docker.pkg.dev/acme-prod/app/web:1")
    {
        var finding = Findings.Denial(image);
        var id = Interlocked.Increment(ref entries).ToString(CultureInfo.InvariantCulture);
        return finding with { Source = finding.Source with { InsertId = id, Time = Clock.GetUtcNow() } };
    }

    public Task AlertAsync(Finding finding, DenialAlerter? instance = null) => (instance ?? Alerter).AlertAsync([finding], $"message-{finding.Source.InsertId}", TestContext.Current.CancellationToken);

    /// <summary>What the topic was told since the last time.</summary>
    public async Task<IReadOnlyList<(Alert Alert, PubSub.PubsubMessage Message)>> PublishedAsync()
    {
        var client = new PubSub.Subscriber.SubscriberClient(channel);
        var all = new List<(Alert, PubSub.PubsubMessage)>();
        while (true)
        {
#pragma warning disable CS0612 // Without waiting: everything has been published.
            var pull = new PubSub.PullRequest { Subscription = Subscription, MaxMessages = 1000, ReturnImmediately = true };
#pragma warning restore CS0612
            var response = await client.PullAsync(pull, cancellationToken: TestContext.Current.CancellationToken);
            if (response.ReceivedMessages.Count == 0)
            {
                return all;
            }

            all.AddRange(response.ReceivedMessages.Select(received => (Read(received.Message), received.Message)));
            var acknowledge = new PubSub.AcknowledgeRequest { Subscription = Subscription };
            acknowledge.AckIds.AddRange(response.ReceivedMessages.Select(received => received.AckId));
            await client.AcknowledgeAsync(acknowledge, cancellationToken: TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Lets time pass, and has a process that knows nothing yet do what is due.</summary>
    public async Task SweepAfterAsync(TimeSpan time)
    {
        Clock.Advance(time);
        await NewInstance().SweepAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in instances)
        {
            await instance.DisposeAsync();
        }

        await preparation.DisposeAsync();
        channel.Dispose();
        await Emulator.DisposeAsync();
        scratch.Delete(recursive: true);
    }

    private Diagnosis Diagnose()
    {
        Interlocked.Increment(ref diagnoses);
        return new Diagnosis(Cause, "What was found.", "What to do.", "binauthz sign IMAGE");
    }

    private static Alert Read(PubSub.PubsubMessage message)
    {
        using var document = JsonDocument.Parse(message.Data.Memory);
        return AlertJson.Read(document.RootElement);
    }
}
