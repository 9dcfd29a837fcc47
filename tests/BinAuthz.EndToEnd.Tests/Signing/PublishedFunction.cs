using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using BinAuthz.Cli.Emulation;

namespace BinAuthz.EndToEnd.Tests.Signing;

/// <summary>A function of a published folder, started as Cloud Run starts it: with PORT and FUNCTION_TARGET, and no other variable.</summary>
internal sealed class PublishedFunction : IDisposable
{
    private const string UsualRuntime = "/usr/share/dotnet";
    private readonly Process process;
    private readonly HttpClient http;

    /// <param name="folder">The published files, with the configuration beside them.</param>
    /// <param name="target">The function's class.</param>
    public PublishedFunction(string folder, string target)
    {
        var port = FunctionProcess.FreePort();
        http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var start = new ProcessStartInfo(Path.Combine(folder, "BinAuthz.Functions")) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        start.Environment["PORT"] = port.ToString(CultureInfo.InvariantCulture);
        start.Environment["FUNCTION_TARGET"] = target;
        if (!Directory.Exists(UsualRuntime) && Environment.GetEnvironmentVariable("DOTNET_ROOT") is { } runtime)
        {
            // A machine that keeps the runtime elsewhere than the images in which the functions run.
            start.Environment["DOTNET_ROOT"] = runtime;
        }

        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Log.Add(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => Log.Add(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What it printed.</summary>
    public LineLog Log { get; } = new();

    /// <summary>A message of a Pub/Sub push subscription.</summary>
    public static string Message(string data) => new JsonObject
    {
        ["message"] = new JsonObject { ["data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(data)), ["messageId"] = "1" },
        ["subscription"] = "projects/acme-prod/subscriptions/published",
    }.ToJsonString();

    /// <summary>Posts as soon as it listens.</summary>
    /// <returns>What it answered.</returns>
    public async Task<HttpStatusCode> PostAsync(string body)
    {
        HttpStatusCode? status = null;
        var answered = await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    using var content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
                    using var response = await http.PostAsync(new Uri("/", UriKind.Relative), content, TestContext.Current.CancellationToken);
                    status = response.StatusCode;
                    return true;
                }
                catch (HttpRequestException error) when (error.InnerException is SocketException)
                {
                    return process.HasExited;
                }
            },
            TimeSpan.FromSeconds(60),
            TimeSpan.FromMilliseconds(50),
            TestContext.Current.CancellationToken);
        Assert.True(answered && status is not null, $"It did not answer, and printed:\n{string.Join('\n', Log.Lines)}");
        return status!.Value;
    }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
        http.Dispose();
    }
}
