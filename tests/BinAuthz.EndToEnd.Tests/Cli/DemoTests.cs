using System.Text.Json.Nodes;
using BinAuthz.Cli;

namespace BinAuthz.EndToEnd.Tests.Cli;

[Collection(nameof(CliProcess))]
public class DemoTests
{
    [Fact]
    public async Task Demo_Json_EveryLineHeld()
    {
        await using var demo = CliProcess.Start("demo", "--format", "json");

        var code = await demo.WaitAsync();

        Assert.True(code == ExitCode.Ok, demo.Output + demo.Error);
        var told = JsonNode.Parse(demo.Output)!;
        Assert.True((bool)told["held"]!);
        Assert.True(told["lines"]!.AsArray().Count >= 12, demo.Output);
    }
}
