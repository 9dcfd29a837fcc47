using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using BinAuthz;
using BinAuthz.Cli.Emulation;
using BinAuthz.GoogleCloud;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PubSub = Google.Cloud.PubSub.V1;

namespace Benchmarks;

/// <summary>
/// 10,000 denials of 500 Deployments through the alerting function in a process of its own, until every window has closed:
/// nothing is lost, nothing is told twice, the channel gets a digest, and memory stays flat. It ends with an error if not.
/// </summary>
internal static class DenialFlood
{
    private const int Entries = 10_000;
    private const int Distinct = 500;
    private const int Burst = 20;
    private const int InFlight = 64;
    private const string Project = "acme-prod";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static async Task RunAsync(string? folder, CancellationToken cancellationToken)
    {
        using var emulator = await EmulatorProcess.StartAsync(cancellationToken);
        using var channel = GrpcChannel.ForAddress(emulator.Grpc);
        await SetUpAsync(emulator, channel, cancellationToken);
        var sent = new ConcurrentQueue<JsonNode>();
        await using var hook = await HookAsync(sent, cancellationToken);
        var port = FunctionProcess.FreePort();
        var policy = Path.GetTempFileName();
        await File.WriteAllTextAsync(policy, Policy(hook.Urls.First()), cancellationToken);
        using var function = Start(folder, port, emulator.Grpc, policy);
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            await PostAsync(http, """{"sweep":true}""", "first", cancellationToken);
            await FloodAsync(http, function, cancellationToken);
            var told = await TellAsync(http, channel, cancellationToken);
            Report(told, [.. sent]);
        }
        finally
        {
            function.Kill();
            File.Delete(policy);
        }
    }

    private static async Task FloodAsync(HttpClient http, Process function, CancellationToken cancellationToken)
    {
        var order = Enumerable.Range(0, Entries).ToArray();
        new Random(1).Shuffle(order);
        var early = 0.0;
        var done = 0;
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(order, new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = cancellationToken }, async (entry, stop) =>
        {
            await PostAsync(http, Denial(entry), $"message-{entry}", stop);
            if (Interlocked.Increment(ref done) == Entries / 10)
            {
                early = Mebibytes(function);
            }
        });
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"flood: {Entries} entries of {Distinct} things in {seconds:F1} s, {Entries / seconds:F0}/s; memory {early:F0} MiB after a tenth, {Mebibytes(function):F0} MiB at the end"));
    }

    // Sweeps as the scheduler would, only more often, until every window has been summed up.
    private static async Task<List<JsonNode>> TellAsync(HttpClient http, GrpcChannel channel, CancellationToken cancellationToken)
    {
        var client = new PubSub.Subscriber.SubscriberClient(channel);
        var told = new List<JsonNode>();
        var started = Stopwatch.GetTimestamp();
        while (told.Count < 2 * Distinct && Stopwatch.GetElapsedTime(started) < Patience)
        {
            await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System, cancellationToken);
            await PostAsync(http, """{"sweep":true}""", "sweep", cancellationToken);
            var pulled = await client.PullAsync(new PubSub.PullRequest { Subscription = Subscription, MaxMessages = 1000 }, cancellationToken: cancellationToken);
            if (pulled.ReceivedMessages.Count > 0)
            {
                var acknowledge = new PubSub.AcknowledgeRequest { Subscription = Subscription };
                acknowledge.AckIds.AddRange(pulled.ReceivedMessages.Select(received => received.AckId));
                await client.AcknowledgeAsync(acknowledge, cancellationToken: cancellationToken);
                told.AddRange(pulled.ReceivedMessages.Select(received => JsonNode.Parse(received.Message.Data.Span)!));
            }
        }

        // The digests become due with the piece of time in which they began.
        await Task.Delay(TimeSpan.FromMinutes(1), TimeProvider.System, cancellationToken);
        await PostAsync(http, """{"sweep":true}""", "last", cancellationToken);
        return told;
    }

    private static void Report(IReadOnlyList<JsonNode> told, IReadOnlyList<JsonNode> sent)
    {
        var (firsts, summaries) = (Of(told, "first"), Of(told, "summary"));
        var counted = summaries.Sum(summary => (int)summary["count"]!);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"flood: topic: {firsts.Length} first alerts of {firsts.DistinctBy(Group).Count()} things, {summaries.Length} summaries that count {counted} entries; channel: {Of(sent, "first").Length} first alerts, {Of(sent, "summary").Length} summaries, {Of(sent, "digest").Length} digests of {Of(sent, "digest").Sum(digest => (int)digest["count"]!)} entries"));
        if (firsts.Length != Distinct || firsts.DistinctBy(Group).Count() != Distinct || counted != Entries || Of(sent, "digest").Length == 0)
        {
            throw new InvalidOperationException("Something was lost or told twice.");
        }
    }

    private static JsonNode[] Of(IEnumerable<JsonNode> alerts, string stage) => [.. alerts.Where(alert => (string?)alert["stage"] == stage)];

    private static string? Group(JsonNode alert) => (string?)alert["group"];

    private static string Subscription => $"projects/{Project}/subscriptions/flood";

    private static async Task SetUpAsync(EmulatorProcess emulator, GrpcChannel channel, CancellationToken cancellationToken)
    {
        await using var services = new ServiceCollection().AddGoogleCloud(new BinAuthzOptions { Endpoint = emulator.Grpc }).BuildServiceProvider();
        await services.GetRequiredService<StorageClient>().EnsureBucketAsync(Project, EvidenceBucket.Default(Project).Name, "us-central1", null, cancellationToken);
        var topic = AlertsTopic.Of(Project, "production");
        await services.GetRequiredService<PublisherClient>().EnsureTopicAsync(topic, cancellationToken);
        await new PubSub.Subscriber.SubscriberClient(channel).CreateSubscriptionAsync(new PubSub.Subscription { Name = Subscription, Topic = topic, AckDeadlineSeconds = 600 }, cancellationToken: cancellationToken);
    }

    private static async Task<WebApplication> HookAsync(ConcurrentQueue<JsonNode> sent, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapPost("/", async (HttpRequest request) =>
        {
            var body = (await JsonNode.ParseAsync(request.Body, cancellationToken: cancellationToken))!;
            sent.Enqueue(body["data"] ?? body);
        });
        await app.StartAsync(cancellationToken);
        return app;
    }

    private static Process Start(string? folder, int port, Uri endpoint, string policy)
    {
        var start = folder is null
            ? new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "BinAuthz.Functions.dll")])
            : new ProcessStartInfo(Path.Combine(folder, "BinAuthz.Functions")) { WorkingDirectory = folder };
        start.RedirectStandardOutput = true;
        start.Environment["PORT"] = port.ToString(CultureInfo.InvariantCulture);
        start.Environment["FUNCTION_TARGET"] = "AlertOnDenialFunction";
        start.Environment["BinAuthz__Endpoint"] = endpoint.ToString();
        start.Environment["BinAuthz__Alerts"] = policy;
        start.Environment["FLOOD_KEY"] = new string('k', 32);
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    private static string Policy(string hook) => $$"""
        project: {{Project}}
        environments:
          production: {projects: [{{Project}}]}
        window: 1m
        burst: {{Burst}}
        channels:
          hook:
            webhook: {url: '{{hook}}/', key: {env: FLOOD_KEY}, allowPrivate: true}
        routes:
          - channels: [hook]
        """;

    private static string Denial(int entry)
    {
        var thing = entry % Distinct;
        var image = $"us-docker.pkg.dev/acme-prod/apps/web-{thing}@sha256:{new string('a', 64)}";
        return $$$"""
            {"insertId":"entry-{{{entry}}}","logName":"projects/acme-prod/logs/cloudaudit.googleapis.com%2Factivity","timestamp":"{{{DateTimeOffset.UnixEpoch.AddDays(20_000).AddMilliseconds(entry):O}}}",
            "resource":{"type":"k8s_cluster","labels":{"project_id":"acme-prod","location":"us-central1","cluster_name":"prod"} },
            "protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","serviceName":"k8s.io","methodName":"io.k8s.core.v1.pods.create","resourceName":"core/v1/namespaces/shop/pods",
            "authenticationInfo":{"principalEmail":"system:serviceaccount:kube-system:replicaset-controller"},"status":{"code":7,"message":"Forbidden"},
            "request":{"@type":"core.k8s.io/v1.Pod","kind":"Pod","apiVersion":"v1","metadata":{"namespace":"shop","generateName":"web-{{{thing}}}-5d9-","labels":{"pod-template-hash":"5d9"},
            "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web-{{{thing}}}-5d9","uid":"{{{thing}}}","controller":true}]},"spec":{"containers":[{"name":"web","image":"{{{image}}}"}]} },
            "response":{"@type":"core.k8s.io/v1.Status","kind":"Status","status":"Failure","reason":"VIOLATES_POLICY","code":403,
            "message":"admission webhook \"imagepolicywebhook.image-policy.k8s.io\" denied the request: Image {{{image}}} denied by Binary Authorization default admission rule. Denied by always_deny admission rule"} } }
            """;
    }

    private static async Task PostAsync(HttpClient http, string data, string messageId, CancellationToken cancellationToken)
    {
        var body = $$$"""{"message":{"data":"{{{Convert.ToBase64String(Encoding.UTF8.GetBytes(data))}}}","messageId":"{{{messageId}}}"},"subscription":"projects/acme-prod/subscriptions/alert-on-denial"}""";
        while (true)
        {
            try
            {
                using var content = new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
                using var response = await http.PostAsync(new Uri("/", UriKind.Relative), content, cancellationToken);
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException error) when (error.InnerException is SocketException)
            {
                // It has not opened its port yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
        }
    }

    private static double Mebibytes(Process process)
    {
        process.Refresh();
        return process.WorkingSet64 / (1024.0 * 1024);
    }
}
