using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace BinAuthz.EndToEnd.Tests.Signing;

/// <summary>
/// The two flavours that are deployed, as they are published. The gate publishes them and names their folders in
/// environment variables; elsewhere these tests are skipped.
/// </summary>
public sealed class PublishedFunctionTests
{
    [Theory]
    [InlineData("BINAUTHZ_PUBLISHED_READY_TO_RUN")]
    [InlineData("BINAUTHZ_PUBLISHED_NATIVE_AOT")]
    public async Task Start_WithPortAndTargetAlone_SignsTheFirstImage(string variable)
    {
        var published = Environment.GetEnvironmentVariable(variable);
        if (string.IsNullOrEmpty(published))
        {
            ExternalTool.Unavailable($"{variable} does not name a folder with the published function.");
        }

        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushBuiltAsync();
        using var folder = new PublishedFolder(published, world);
        using var function = folder.Start(out var address);
        try
        {
            var body = new JsonObject
            {
                ["message"] = new JsonObject { ["data"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($$"""{"action":"INSERT","digest":"{{image}}"}""")), ["messageId"] = "1" },
                ["subscription"] = "projects/acme-prod/subscriptions/gcr",
            };
            Assert.Equal(HttpStatusCode.OK, await PostWhenItAnswersAsync(address, body.ToJsonString()));
            Assert.True(await world.IsAcceptedAsync(Assert.Single(await world.AttestationsAsync(image.Digest))));
        }
        finally
        {
            function.Kill();
        }
    }

    private static async Task<HttpStatusCode> PostWhenItAnswersAsync(Uri address, string body)
    {
        using var http = new HttpClient();
        HttpStatusCode? status = null;
        Assert.True(await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    using var content = new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
                    using var response = await http.PostAsync(address, content, TestContext.Current.CancellationToken);
                    status = response.StatusCode;
                    return true;
                }
                catch (HttpRequestException error) when (error.InnerException is SocketException)
                {
                    return false;
                }
            },
            TimeSpan.FromSeconds(30),
            TimeSpan.FromMilliseconds(50),
            TestContext.Current.CancellationToken));
        return status!.Value;
    }

    /// <summary>A copy of a published folder with the two files that configure it.</summary>
    private sealed class PublishedFolder : IDisposable
    {
        private readonly DirectoryInfo copy = Directory.CreateTempSubdirectory("binauthz-published-");

        public PublishedFolder(string published, SigningWorld world)
        {
            foreach (var file in Directory.EnumerateFiles(published))
            {
                File.Copy(file, Path.Combine(copy.FullName, Path.GetFileName(file)));
            }

            File.Copy(world.PolicyPath, Path.Combine(copy.FullName, "approval.yaml"), overwrite: true);
            File.WriteAllText(
                Path.Combine(copy.FullName, "appsettings.json"),
                new JsonObject { ["BinAuthz"] = new JsonObject { ["Endpoint"] = world.Emulator.GrpcEndpoint.ToString() } }.ToJsonString());
        }

        public Process Start(out Uri address)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var port = ((IPEndPoint)listener.LocalEndpoint).Port;
            listener.Stop();
            address = new Uri($"http://127.0.0.1:{port}");
            var start = new ProcessStartInfo(Path.Combine(copy.FullName, "BinAuthz.Functions")) { WorkingDirectory = copy.FullName };
            start.Environment["PORT"] = port.ToString(System.Globalization.CultureInfo.InvariantCulture);
            start.Environment["FUNCTION_TARGET"] = "SignImageFunction";
            return Process.Start(start)!;
        }

        public void Dispose() => copy.Delete(recursive: true);
    }
}
