using System.Text.Json.Nodes;
using BinAuthz.Cli.Output;

namespace BinAuthz.Tests.Cli.Output;

public sealed class CommandOutputTests : IDisposable
{
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    public void Dispose()
    {
        output.Dispose();
        error.Dispose();
    }

    [Fact]
    public void Result_Json_IsOneLineOnStdout()
    {
        var target = new CommandOutput(OutputFormat.Json, output, error);

        target.Result(new JsonObject { ["image"] = "a@sha256:1", ["why"] = "it's <new> ✓" }, people => people.Write(new Spectre.Console.Text("for people")));

        Assert.Equal("""{"image":"a@sha256:1","why":"it's <new> ✓"}""" + Environment.NewLine, output.ToString());
        Assert.Empty(error.ToString());
    }

    [Fact]
    public void Result_Text_IsForPeopleOnStdout()
    {
        var target = new CommandOutput(OutputFormat.Text, output, error);

        target.Result(new JsonObject(), people => people.Write(new Spectre.Console.Text("for people")));

        Assert.Equal("for people", output.ToString());
    }

    [Fact]
    public void Progress_NoTerminal_IsUncolouredOnStderr()
    {
        var target = new CommandOutput(OutputFormat.Text, output, error);

        target.Progress("pushing [1/2]");

        Assert.Empty(output.ToString());
        Assert.Equal("pushing [1/2]\n", error.ToString());
    }

    [Fact]
    public void Result_LongLineWithoutTerminal_IsNotWrapped()
    {
        var target = new CommandOutput(OutputFormat.Text, output, error);
        var line = string.Join(' ', Enumerable.Repeat("digest", 200));

        target.Result(new JsonObject(), people => people.Write(new Spectre.Console.Text(line)));

        Assert.Equal(line, output.ToString());
    }

    [Fact]
    public void Failure_Json_IsADocumentAndASentence()
    {
        var target = new CommandOutput(OutputFormat.Json, output, error);

        target.Failure(2, "No such file.\nNo such port.");

        Assert.Equal("""{"error":{"code":2,"message":"No such file.\nNo such port."}}""" + Environment.NewLine, output.ToString());
        Assert.Equal("error: No such file.\nerror: No such port.\n", error.ToString());
    }
}
