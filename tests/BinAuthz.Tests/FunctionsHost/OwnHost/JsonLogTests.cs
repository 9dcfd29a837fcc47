using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace BinAuthz.Tests.FunctionsHost.OwnHost;

/// <summary>What the host writes to standard output on Cloud Run.</summary>
public sealed class JsonLogTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    [Fact]
    public async Task Log_RequestWithTraceParent_HasSeverityTraceAndLabels()
    {
        var entry = await LogOfEventAsync("acme-prod", ("traceparent", $"00-{Trace}-00f067aa0ba902b7-01"), ("Function-Execution-Id", "x1"));

        Assert.Equal("Recorded event e-1 of 60 bytes", (string?)entry["message"]);
        Assert.Equal("SampleFunctions.RecordEventFunction", (string?)entry["category"]);
        Assert.Equal("WARNING", (string?)entry["severity"]);
        Assert.Equal($"projects/acme-prod/traces/{Trace}", (string?)entry["logging.googleapis.com/trace"]);
        Assert.Equal("00f067aa0ba902b7", (string?)entry["logging.googleapis.com/spanId"]);
        Assert.True((bool?)entry["logging.googleapis.com/trace_sampled"]);
        Assert.Equal("e-1", (string?)entry["format_parameters"]?["Id"]);
        Assert.Equal("60", (string?)entry["format_parameters"]?["Size"]);
        Assert.Equal("Recorded event {Id} of {Size} bytes", (string?)entry["format_parameters"]?["{OriginalFormat}"]);
        var labels = entry["logging.googleapis.com/labels"];
        Assert.Equal("x1", (string?)labels?["execution_id"]);
        Assert.Equal("e-1", (string?)labels?["event_id"]);
        Assert.Equal("t", (string?)labels?["event_type"]);
    }

    [Theory]
    [InlineData($"{Trace}/255;o=1", "00000000000000ff", true)]
    [InlineData($"{Trace}/18446744073709551615;o=0", "ffffffffffffffff", false)]
    [InlineData($"{Trace}/1", "0000000000000001", false)]
    public async Task Log_RequestWithCloudTraceContext_HasTheTrace(string header, string span, bool sampled)
    {
        var entry = await LogOfEventAsync("acme-prod", ("X-Cloud-Trace-Context", header));

        Assert.Equal($"projects/acme-prod/traces/{Trace}", (string?)entry["logging.googleapis.com/trace"]);
        Assert.Equal(span, (string?)entry["logging.googleapis.com/spanId"]);
        Assert.Equal(sampled, (bool?)entry["logging.googleapis.com/trace_sampled"]);
    }

    [Theory]
    [InlineData("not a trace")]
    [InlineData($"{Trace}/0;o=1")]
    [InlineData($"{Trace}/99999999999999999999;o=1")]
    public async Task Log_RequestWithOtherTraceContext_HasATraceOfItsOwn(string header)
    {
        var entry = await LogOfEventAsync(project: null, ("X-Cloud-Trace-Context", header));

        string? trace = (string?)entry["logging.googleapis.com/trace"];
        Assert.Equal(32, trace?.Length);
        Assert.NotEqual(Trace, trace);
        Assert.Null(entry["logging.googleapis.com/spanId"]);
    }

    [Fact]
    public async Task Log_FunctionThrows_HasTheExceptionAndTheTrace()
    {
        await using var function = await FunctionProcess.StartAsync("FailingFunction", ("K_SERVICE", "signer"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("traceparent", $"00-{Trace}-00f067aa0ba902b7-01");

        using var response = await function.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var entry = JsonNode.Parse(await function.LineAsync(line => line.Contains("\"ERROR\"", StringComparison.Ordinal)))!;

        Assert.Equal("Microsoft.AspNetCore.Server.Kestrel", (string?)entry["category"]);
        Assert.StartsWith("System.InvalidOperationException: The function failed on purpose.", (string?)entry["exception"], StringComparison.Ordinal);
        Assert.Equal(Trace, (string?)entry["logging.googleapis.com/trace"]);
    }

    [Fact]
    public async Task Log_NotOnCloudRun_IsText()
    {
        await using var function = await FunctionProcess.StartAsync("EchoFunction", ("K_SERVICE", " "));

        string line = await function.LineAsync(l => l.Contains("Serving function", StringComparison.Ordinal));

        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \[.+\] \[info\] Serving function SampleFunctions\.EchoFunction\z", line);
    }

    private static async Task<JsonNode> LogOfEventAsync(string? project, params (string Name, string Value)[] headers)
    {
        await using var function = await FunctionProcess.StartAsync(
            "RecordEventFunction", ("K_SERVICE", "signer"), ("GOOGLE_CLOUD_PROJECT", project));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/")
        {
            Content = new StringContent(
                """{"specversion":"1.0","id":"e-1","source":"//a/b","type":"t"}""",
                Encoding.UTF8,
                new MediaTypeHeaderValue("application/cloudevents+json")),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await function.Client.SendAsync(request, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        return JsonNode.Parse(await function.LineAsync(line => line.Contains("Recorded event", StringComparison.Ordinal)))!;
    }
}
