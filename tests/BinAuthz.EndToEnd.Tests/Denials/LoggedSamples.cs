using System.Net.Http.Json;
using System.Text.Json.Nodes;
using BinAuthz.Denials;
using BinAuthz.Emulator;
using Grpc.Net.Client;
using Logging = Google.Cloud.Logging.V2;
using PubSub = Google.Cloud.PubSub.V1;

namespace BinAuthz.EndToEnd.Tests.Denials;

/// <summary>An emulator that holds every sample log entry, written through Logging while the project's sink stands; insert ids are the samples' names.</summary>
public sealed class LoggedSamples : IAsyncLifetime
{
    private const string Project = "projects/acme-prod";
    private const string Topic = $"{Project}/topics/binauthz-denials";
    private const string Subscription = $"{Project}/subscriptions/alerts";

    private EmulatorHost? emulator;
    private GrpcChannel? channel;

    /// <summary>File names without extension, after <c>composed/</c> for those that nobody has seen.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Directory.EnumerateFiles(Folder, "*.json", SearchOption.AllDirectories)
        .Select(file => Path.ChangeExtension(Path.GetRelativePath(Folder, file), null).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "testdata", "logs");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        emulator = await EmulatorHost.StartAsync(new EmulatorOptions(), Stop);
        channel = GrpcChannel.ForAddress(emulator.GrpcEndpoint);
        await new PubSub.Publisher.PublisherClient(channel).CreateTopicAsync(new PubSub.Topic { Name = Topic }, cancellationToken: Stop);
        await new PubSub.Subscriber.SubscriberClient(channel).CreateSubscriptionAsync(new PubSub.Subscription { Name = Subscription, Topic = Topic }, cancellationToken: Stop);

        using var http = new HttpClient { BaseAddress = emulator.RestEndpoint };
        await PostAsync(http, $"/v2/{Project}/sinks", new JsonObject { ["name"] = "binauthz-denials", ["destination"] = $"pubsub.googleapis.com/{Topic}", ["filter"] = LogFilters.Sink });
        await PostAsync(http, "/v2/entries:write", new JsonObject { ["entries"] = new JsonArray([.. Names.Select(Entry)]) });
    }

    /// <summary>The samples that a query finds.</summary>
    public async Task<string[]> FindAsync(string filter)
    {
        var request = new Logging.ListLogEntriesRequest { ResourceNames = { Project }, Filter = filter, PageSize = 1000 };
        var answer = await new Logging.LoggingServiceV2.LoggingServiceV2Client(channel).ListLogEntriesAsync(request, cancellationToken: Stop);
        return [.. answer.Entries.Select(entry => entry.InsertId).Order(StringComparer.Ordinal)];
    }

    /// <summary>What the sink published.</summary>
    public async Task<IReadOnlyList<byte[]>> PullAsync()
    {
#pragma warning disable CS0612, CS0618 // The sink has published before the write was answered.
        var request = new PubSub.PullRequest { Subscription = Subscription, MaxMessages = 1000, ReturnImmediately = true };
#pragma warning restore CS0612, CS0618
        var answer = await new PubSub.Subscriber.SubscriberClient(channel).PullAsync(request, cancellationToken: Stop);
        return [.. answer.ReceivedMessages.Select(received => received.Message.Data.ToByteArray())];
    }

    public async ValueTask DisposeAsync()
    {
        channel?.Dispose();
        if (emulator is not null)
        {
            await emulator.DisposeAsync();
        }
    }

    // All in one project, so that one sink sees them.
    private static JsonNode Entry(string name)
    {
        var entry = JsonNode.Parse(File.ReadAllBytes(Path.Combine(Folder, $"{name}.json")))!;
        entry["insertId"] = name;
        entry["logName"] = $"{Project}/logs/{((string)entry["logName"]!).Split('/')[^1]}";
        return entry;
    }

    private static async Task PostAsync(HttpClient http, string path, JsonObject body)
    {
        using var answer = await http.PostAsJsonAsync(path, body, Stop);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }
}
