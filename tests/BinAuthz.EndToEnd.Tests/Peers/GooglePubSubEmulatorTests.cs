using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using BinAuthz.Cli.Emulation;
using BinAuthz.EndToEnd.Tests.Signing;

namespace BinAuthz.EndToEnd.Tests.Peers;

/// <summary>The same function signs when Google's own Pub/Sub emulator delivers.</summary>
public sealed class GooglePubSubEmulatorTests
{
    [Fact]
    public async Task Publish_PushThroughGooglesEmulator_IsAttested()
    {
        var cancellation = TestContext.Current.CancellationToken;
        ExternalTool.Require("java");
        var program = Path.Combine(await SdkRootAsync(ExternalTool.Require("gcloud")), "platform", "pubsub-emulator", "bin", "cloud-pubsub-emulator");
        if (!File.Exists(program))
        {
            ExternalTool.Unavailable($"{program} is missing: gcloud components install pubsub-emulator.");
        }

        await using var function = await FunctionWorld.StartAsync();
        var image = await function.World.PushBuiltAsync();
        var port = FunctionProcess.FreePort();
        await using var emulator = await BackgroundProgram.StartAsync(program, ["--host=127.0.0.1", $"--port={port.ToString(CultureInfo.InvariantCulture)}"], port);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/v1/projects/acme-prod/") };
        await PutAsync(http, "topics/gcr", new { });
        await PutAsync(http, "subscriptions/sign-image", new { topic = "projects/acme-prod/topics/gcr", pushConfig = new { pushEndpoint = function.Address.ToString() } });

        var data = Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"action":"INSERT","digest":"{{image}}"}"""));
        using var published = await http.PostAsJsonAsync("topics/gcr:publish", new { messages = new[] { new { data } } }, cancellation);
        published.EnsureSuccessStatusCode();

        Assert.True(
            await Eventually.HoldsAsync(async () => (await function.World.AttestationsAsync(image.Digest)).Count == 1, TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(200), cancellation),
            string.Join('\n', function.Log.Lines));
    }

    private static async Task PutAsync(HttpClient http, string path, object body)
    {
        using var response = await http.PutAsJsonAsync(path, body, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private static async Task<string> SdkRootAsync(string gcloud)
    {
        var info = await new ExternalProcess
        {
            Program = gcloud,
            Arguments = ["info", "--format=value(installation.sdk_root)"],
            Environment = new Dictionary<string, string> { ["HOME"] = Path.GetTempPath(), ["CLOUDSDK_CONFIG"] = Path.Combine(Path.GetTempPath(), "binauthz-gcloud-info") },
        }.RunAsync(TestContext.Current.CancellationToken);
        return info.Output.Trim();
    }
}
