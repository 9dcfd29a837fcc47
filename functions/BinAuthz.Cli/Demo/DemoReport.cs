using System.Text.Json.Nodes;
using BinAuthz.Cli.Output;
using Spectre.Console;

namespace BinAuthz.Cli.Demo;

/// <summary>Tells the story line by line, and remembers whether every line held.</summary>
internal sealed class DemoReport(CommandOutput output)
{
    private readonly JsonArray lines = [];

    /// <summary>Whether everything held so far.</summary>
    public bool AllHeld { get; private set; } = true;

    /// <summary>The lines for programs.</summary>
    public JsonArray Lines => lines;

    /// <summary>Begins a part of the story.</summary>
    public void Chapter(string title)
    {
        output.People.WriteLine();
        output.People.WriteLine(title, new Style(decoration: Decoration.Bold));
    }

    /// <summary>One line: the result of a call, and whether it is as it must be.</summary>
    public void Line(bool held, string text)
    {
        AllHeld &= held;
        lines.Add(new JsonObject { ["held"] = held, ["text"] = text });
        output.People.Write(new Text(held ? "  ✓ " : "  ✗ ", new Style(held ? Color.Green : Color.Red)));
        output.People.WriteLine(held ? text : $"did not hold: {text}");
    }

    /// <summary>A check that this machine cannot make.</summary>
    public void Skipped(string text)
    {
        lines.Add(new JsonObject { ["skipped"] = true, ["text"] = text });
        output.People.WriteLine($"  - skipped: {text}", new Style(Color.Grey));
    }
}
