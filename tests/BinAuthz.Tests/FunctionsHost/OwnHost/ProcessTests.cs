using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace BinAuthz.Tests.FunctionsHost.OwnHost;

/// <summary>The host as a process: what starts it, what it refuses, how it ends.</summary>
public sealed class ProcessTests
{
    [Theory]
    [InlineData("SampleFunctions.EchoFunction")]
    [InlineData("EchoFunction")]
    public async Task Start_TargetAndPort_HttpConformance(string target)
    {
        await using var function = await FunctionProcess.StartAsync(target, ("FUNCTION_SIGNATURE_TYPE", "http"));

        using var response = await function.Client.PostAsync(
            "/", new StringContent("""{"res":"PASS"}""", Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

        Assert.Equal("""{"res":"PASS"}""", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Start_CommandLine_WinsOverTheEnvironment()
    {
        var (exitCode, error) = await FunctionProcess.RunAsync(["--target", "Nobody", "--port", "0"], ("FUNCTION_TARGET", "EchoFunction"));

        Assert.Equal(2, exitCode);
        Assert.Contains("'Nobody'", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Event_Structured_CloudEventConformance()
    {
        const string Event = """
            {"specversion":"1.0","type":"google.firebase.auth.user.v1.created","source":"//firebaseauth.googleapis.com/projects/my-project-id",
             "subject":"users/u-1","id":"e-1","time":"2020-09-29T11:32:00.123Z","datacontenttype":"application/json","data":{"uid":"u-1"}}
            """;
        await using var function = await FunctionProcess.StartAsync("RecordEventFunction", ("FUNCTION_SIGNATURE_TYPE", "cloudevent"));

        using var response = await function.Client.PostAsync(
            "/", new StringContent(Event, Encoding.UTF8, "application/cloudevents+json"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        string written = await File.ReadAllTextAsync(
            Path.Combine(function.WorkingDirectory, "function_output.json"), TestContext.Current.CancellationToken);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Event), JsonNode.Parse(written)), written);
    }

    [Theory]
    [InlineData("Nobody", "0", "'Nobody'", "FUNCTION_TARGET")]
    [InlineData(null, "0", "No function target is given", "FUNCTION_TARGET")]
    [InlineData("EchoFunction", "http", "PORT 'http'", "--port")]
    [InlineData("EchoFunction", "65536", "PORT '65536'", "--port")]
    [InlineData("EchoFunction", "-1", "PORT '-1'", "--port")]
    public async Task Start_WrongSetting_OneLineAndExitCode2(string? target, string port, string value, string remedy)
    {
        var (exitCode, error) = await FunctionProcess.RunAsync([], ("FUNCTION_TARGET", target), ("PORT", port));

        Assert.Equal(2, exitCode);
        string line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(value, line, StringComparison.Ordinal);
        Assert.Contains("must be", line, StringComparison.Ordinal);
        Assert.Contains(remedy, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_PortTaken_OneLineAndExitCode2()
    {
        await using var function = await FunctionProcess.StartAsync("EchoFunction");
        string port = function.Client.BaseAddress!.Port.ToString(CultureInfo.InvariantCulture);

        var (exitCode, error) = await FunctionProcess.RunAsync(["--target", "EchoFunction", "--port", port]);

        Assert.Equal(2, exitCode);
        Assert.Contains(port, Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terminate_RequestInFlight_IsAnsweredAndTheExitCodeIs0()
    {
        await using var function = await FunctionProcess.StartAsync("SlowFunction");
        var answer = function.Client.GetStringAsync("/", TestContext.Current.CancellationToken);
        await function.LineAsync(line => line == "begun");

        await function.TerminateAsync();

        Assert.Equal("finished", await answer);
        Assert.Equal(0, await function.ExitCodeAsync());
    }
}
