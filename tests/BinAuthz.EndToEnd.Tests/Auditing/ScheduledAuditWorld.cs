using System.Text.Json.Nodes;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Archive;
using BinAuthz.EndToEnd.Tests.Rotation;
using BinAuthz.EndToEnd.Tests.Signing;
using BinAuthz.GoogleCloud;
using Grpc.Net.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PubSub = Google.Cloud.PubSub.V1;

namespace BinAuthz.EndToEnd.Tests.Auditing;

/// <summary>A production environment on an emulator of its own, and any number of instances of the auditor.</summary>
internal sealed class ScheduledAuditWorld : IAsyncDisposable
{
    private const string Findings = $"projects/{SigningWorld.Project}/subscriptions/findings";
    private const string Parts = $"projects/{SigningWorld.Project}/subscriptions/parts";
    private const string Resign = $"projects/{SigningWorld.Project}/subscriptions/resign";
    private readonly List<ServiceProvider> instances = [];
    private readonly GrpcChannel channel;

    private ScheduledAuditWorld(SigningWorld signing)
    {
        Signing = signing;
        channel = GrpcChannel.ForAddress(signing.Emulator.GrpcEndpoint);
    }

    public SigningWorld Signing { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<ScheduledAuditWorld> StartAsync()
    {
        var world = new ScheduledAuditWorld(await SigningWorld.StartAsync());
        var subscriber = new PubSub.Subscriber.SubscriberClient(world.channel);
        foreach (var (name, topic) in new[] { (Findings, EventTopics.Findings(SigningWorld.Project, "production")), (Resign, EventTopics.Resign(SigningWorld.Project, "production")), (Parts, EventTopics.Audit(SigningWorld.Project, "production")) })
        {
            await subscriber.CreateSubscriptionAsync(new PubSub.Subscription { Name = name, Topic = topic, AckDeadlineSeconds = 600 }, cancellationToken: Stop);
        }

        return world;
    }

    /// <summary>A process of its own.</summary>
    /// <param name="end">When it ends.</param>
    /// <param name="shardSize">How many attestations one part has at most.</param>
    public ScheduledAudit NewInstance(ProcessEnd? end = null, int shardSize = 250_000)
    {
        var settings = new Dictionary<string, string?>
        {
            ["BinAuthz:Approval"] = Signing.PolicyPath,
            ["BinAuthz:Endpoint"] = Signing.Emulator.GrpcEndpoint.ToString(),
            ["BinAuthz:Principal"] = WorldAccess.Principal(SigningWorld.Project, "auditor"),
            ["BinAuthz:Audit:Grace"] = "00:00:00",
            ["BinAuthz:Audit:ShardSize"] = shardSize.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        var services = new ServiceCollection().AddAuditing(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        if (end is not null)
        {
            services.AddSingleton(end.NewHandler());
            services.AddSingleton(provider => new GoogleHttp(new HttpClient(end.NewHandler()), provider.GetRequiredService<BinAuthzOptions>(), provider.GetRequiredService<GoogleTokens>(), TimeProvider.System));
        }

        instances.Add(services.BuildServiceProvider());
        return instances[^1].GetRequiredService<ScheduledAudit>();
    }

    public T Get<T>()
        where T : notnull => instances[^1].GetRequiredService<T>();

    /// <summary>What the topic of findings was told since the last time.</summary>
    public async Task<IReadOnlyList<JsonNode>> ToldAsync() => [.. (await PullAsync(Findings)).Select(message => JsonNode.Parse(message.Data.Span)!)];

    /// <summary>The data of the messages that ask for parts of an audit, since the last time.</summary>
    public async Task<IReadOnlyList<byte[]>> PartsAsync() => [.. (await PullAsync(Parts)).Select(message => message.Data.ToByteArray())];

    /// <summary>Which images the signer was asked for since the last time.</summary>
    public async Task<IReadOnlyList<string>> SentBackAsync() =>
        [.. (await PullAsync(Resign)).SelectMany(message => JsonNode.Parse(message.Data.Span)!["weigh"]!["images"]!.AsArray()).Select(image => (string)image!)];

    /// <summary>Stores attestations of nothing, with signatures by nobody.</summary>
    public async Task PlantAsync(int first, int count)
    {
        var analysis = new Grafeas.V1.Grafeas.GrafeasClient(channel);
        await Parallel.ForAsync(first, first + count, Stop, async (index, stop) => await analysis.CreateOccurrenceAsync(
            new Grafeas.V1.CreateOccurrenceRequest
            {
                Parent = $"projects/{SigningWorld.Project}",
                Occurrence = new Grafeas.V1.Occurrence
                {
                    NoteName = Signing.Note.ToString(),
                    ResourceUri = $"https://{SigningWorld.Repository}@sha256:{index:x64}",
                    Kind = Grafeas.V1.NoteKind.Attestation,
                    Attestation = new Grafeas.V1.AttestationOccurrence { SerializedPayload = Google.Protobuf.ByteString.CopyFromUtf8($"garbage {index}") },
                },
            },
            cancellationToken: stop));
    }

    /// <summary>The folders of finished reports.</summary>
    public async Task<IReadOnlyList<string>> ReportsAsync() =>
        [.. (await Get<IReportArchive>().ListAsync("audits/production/", Stop)).Where(name => name.EndsWith(ReportName.StatementFile, StringComparison.Ordinal))];

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in instances)
        {
            await instance.DisposeAsync();
        }

        channel.Dispose();
        await Signing.DisposeAsync();
    }

    private async Task<IReadOnlyList<PubSub.PubsubMessage>> PullAsync(string subscription)
    {
        var client = new PubSub.Subscriber.SubscriberClient(channel);
        var all = new List<PubSub.PubsubMessage>();
        while (true)
        {
#pragma warning disable CS0612 // Without waiting: everything has been published.
            var pull = new PubSub.PullRequest { Subscription = subscription, MaxMessages = 1000, ReturnImmediately = true };
#pragma warning restore CS0612
            var response = await client.PullAsync(pull, cancellationToken: Stop);
            if (response.ReceivedMessages.Count == 0)
            {
                return all;
            }

            all.AddRange(response.ReceivedMessages.Select(received => received.Message));
            await client.AcknowledgeAsync(new PubSub.AcknowledgeRequest { Subscription = subscription, AckIds = { response.ReceivedMessages.Select(received => received.AckId) } }, cancellationToken: Stop);
        }
    }
}
