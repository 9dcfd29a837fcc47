using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using BinAuthz.Alerting.Channels;
using BinAuthz.Cli;
using BinAuthz.Emulator;
using BinAuthz.Tests.Alerting.Channels;

namespace BinAuthz.Tests.Cli;

/// <summary>The alerts commands, with services on this machine and the emulator's Secret Manager.</summary>
public sealed class AlertsCommandTests : IDisposable
{
    private const string HookKey = "0123456789abcdef0123456789abcdef";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("binauthz-alerts-");

    [Fact]
    public async Task SendTest_SecretsOfSecretManager_ReachesEveryService()
    {
        await using var emulator = await EmulatorHost.StartAsync(new EmulatorOptions(), TestContext.Current.CancellationToken);
        await using var service = await LocalService.AnsweringAsync(200);
        using var mail = new SmtpService();
        await AddSecretAsync(emulator, "url", service.Address.ToString() + "\n");
        await AddSecretAsync(emulator, "key", HookKey);
        var file = Write($$$$"""
            project: acme-prod
            environments: {production: {projects: [acme-prod]}}
            channels:
              a: {slack: {{{{Chat}}}}}
              b: {googleChat: {{{{Chat}}}}}
              c: {teams: {{{{Chat}}}}}
              d: {webhook: {url: {secret: projects/acme-prod/secrets/url/versions/latest}, key: {secret: projects/acme-prod/secrets/key/versions/1}, allowPrivate: true}}
              e: {email: {host: 127.0.0.1, port: {{{{mail.Port.ToString(CultureInfo.InvariantCulture)}}}}, from: a@example.com, to: [b@example.com], encrypted: false, allowPrivate: true}}
            routes: [{channels: [a, b, c, d, e]}]
            """);

        var (code, json, _) = await RunAsync("alerts", "send-test", "--alerts", file, "--endpoint", emulator.RestEndpoint.ToString());

        Assert.True(code == ExitCode.Ok, json?.ToJsonString());
        Assert.All(json!["channels"]!.AsArray(), channel => Assert.True((bool)channel!["ok"]!));
        Assert.Equal(4, service.Requests.Count);
        Assert.All(service.Requests, request => Assert.Contains("This is a test of binauthz", request.Body, StringComparison.Ordinal));
        var hook = Assert.Single(service.Requests, request => request.Headers.ContainsKey(WebhookChannel.SignatureHeader));
        Assert.Equal(WebhookChannel.Sign(HookKey, hook.Headers[WebhookChannel.TimestampHeader]!, Encoding.UTF8.GetBytes(hook.Body)), hook.Headers[WebhookChannel.SignatureHeader].ToString());
        Assert.Equal("test", (string?)JsonNode.Parse(hook.Body)!["data"]!["stage"]);
        Assert.Contains("RCPT TO:<b@example.com>", mail.Lines);
    }

    [Fact]
    public async Task SendTest_OneChannelFails_TellsWhichAndWhyWithoutSecrets()
    {
        await using var emulator = await EmulatorHost.StartAsync(new EmulatorOptions(), TestContext.Current.CancellationToken);
        await using var service = await LocalService.AnsweringAsync(404);
        await AddSecretAsync(emulator, "url", service.Address.ToString());
        var file = Write($$$$"""
            project: acme-prod
            environments: {production: {projects: [acme-prod]}}
            channels:
              refused: {slack: {{{{Chat}}}}}
              missing: {slack: {url: {secret: projects/acme-prod/secrets/none/versions/latest}}}
              unset: {slack: {url: {env: BINAUTHZ_TEST_NOT_SET}}}
              strict: {slack: {url: {secret: projects/acme-prod/secrets/url/versions/latest}}}
            routes: [{channels: [refused, missing, unset, strict]}]
            """);

        var (code, json, errors) = await RunAsync("alerts", "send-test", "--alerts", file, "--endpoint", emulator.RestEndpoint.ToString());

        Assert.Equal(ExitCode.Infrastructure, code);
        string[] reasons = [.. json!["channels"]!.AsArray().Select(channel => (string)channel!["reason"]!)];
        Assert.Equal("Channel 'refused': It answered 404.", reasons[0]);
        Assert.Contains("projects/acme-prod/secrets/none/versions/latest was answered NotFound", reasons[1], StringComparison.Ordinal);
        Assert.Contains("$BINAUTHZ_TEST_NOT_SET is empty or not set", reasons[2], StringComparison.Ordinal);
        Assert.Contains("write allowPrivate: true", reasons[3], StringComparison.Ordinal);
        Assert.DoesNotContain("secret-token", json.ToJsonString() + errors, StringComparison.Ordinal);
        Assert.Single(service.Requests);
    }

    [Fact]
    public async Task SendTest_Print_ShowsEveryPayloadAndSendsNothing()
    {
        var file = TestData.FullPath("alerts/valid/every-service.yaml");

        var (code, json, _) = await RunAsync("alerts", "send-test", "--alerts", file, "--print");

        Assert.Equal(ExitCode.Ok, code);
        string[] payloads = [.. json!["channels"]!.AsArray().Select(channel => (string)channel!["payload"]!)];
        Assert.Equal(10, payloads.Length);
        Assert.All(payloads, payload => Assert.Contains("This is a test of binauthz", payload, StringComparison.Ordinal));
        Assert.Equal("***", (string?)JsonNode.Parse(payloads[3])!["routing_key"]);
    }

    [Theory]
    [InlineData("--channel", "nobody", "has no channel 'nobody'")]
    [InlineData("--alerts", "not-there.yaml", "The file cannot be read")]
    [InlineData("--alerts", "invalid/window-seconds.yaml", "window-seconds.yaml:3:9: window must be a length of time.")]
    [InlineData("--alerts", "valid/minimal.yaml", "The alert policy has no channels.")]
    public async Task SendTest_Wrong_IsUsage(string option, string value, string reason)
    {
        string[] line = option == "--alerts" ? [option, TestData.FullPath($"alerts/{value}")] : ["--alerts", TestData.FullPath("alerts/valid/usual.yaml"), option, value];

        var (code, json, _) = await RunAsync(["alerts", "send-test", .. line]);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(reason, (string?)json!["error"]!["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("valid/usual.yaml", ExitCode.Ok, 0)]
    [InlineData("invalid/window-seconds.yaml", ExitCode.Usage, 1)]
    [InlineData("none.yaml", ExitCode.Usage, 1)]
    public async Task Lint_File_TellsItsErrors(string file, int expected, int errors)
    {
        var (code, json, _) = await RunAsync("alerts", "lint", TestData.FullPath($"alerts/{file}"));

        Assert.Equal((expected, errors), (code, (int)json!["errors"]!));
    }

    [Fact]
    public async Task Schema_Json_IsTheSchema()
    {
        var (code, json, _) = await RunAsync("alerts", "schema");

        Assert.Equal(ExitCode.Ok, code);
        Assert.Equal("Alert policy of binauthz", (string?)json!["title"]);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private const string Chat = "{url: {secret: projects/acme-prod/secrets/url/versions/latest}, allowPrivate: true}";

    private string Write(string yaml)
    {
        var file = Path.Combine(folder.FullName, "alerts.yaml");
        File.WriteAllText(file, yaml);
        return file;
    }

    private static async Task<(int Code, JsonNode? Json, string Errors)> RunAsync(params string[] arguments)
    {
        var (code, output, error) = await Tool.RunAsync([.. arguments, "--format", "json"]);
        return (code, JsonNode.Parse(output), error);
    }

    private static async Task AddSecretAsync(EmulatorHost emulator, string id, string value)
    {
        using var http = new HttpClient { BaseAddress = emulator.RestEndpoint };
        await PostAsync($"v1/projects/acme-prod/secrets?secretId={id}", new JsonObject { ["replication"] = new JsonObject { ["automatic"] = new JsonObject() } });
        await PostAsync($"v1/projects/acme-prod/secrets/{id}:addVersion", new JsonObject { ["payload"] = new JsonObject { ["data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(value)) } });

        async Task PostAsync(string path, JsonObject body)
        {
            using var content = new StringContent(body.ToJsonString(), MediaTypeHeaderValue.Parse("application/json"));
            using var response = await http.PostAsync(new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
            response.EnsureSuccessStatusCode();
        }
    }
}
