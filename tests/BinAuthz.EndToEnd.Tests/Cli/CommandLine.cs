using System.Text.Json.Nodes;
using BinAuthz.Cli;

namespace BinAuthz.EndToEnd.Tests.Cli;

/// <summary>One command in this process, against a running emulator, answering in JSON.</summary>
internal static class CommandLine
{
    public static async Task<(int Code, JsonNode Answer)> RunAsync(string endpoint, params IEnumerable<string> arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await BinAuthzTool.RunAsync([.. arguments, "--endpoint", endpoint, "--format", "json"], output, error, TestContext.Current.CancellationToken);
        return (code, JsonNode.Parse(output.ToString()) ?? throw new InvalidOperationException(error.ToString()));
    }

    /// <summary>Runs a command until it ends with a code, because events take a moment.</summary>
    public static async Task<JsonNode> RunUntilAsync(int expected, string endpoint, params IEnumerable<string> arguments)
    {
        string[] line = [.. arguments];
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var (code, answer) = await RunAsync(endpoint, line);
            if (code == expected)
            {
                return answer;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(60), $"{string.Join(' ', line)} still ended with {code}: {answer.ToJsonString()}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
