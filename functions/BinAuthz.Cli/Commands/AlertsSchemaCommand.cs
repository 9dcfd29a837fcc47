using System.CommandLine;
using System.Text.Json.Nodes;
using BinAuthz.Cli.Output;
using Spectre.Console;

namespace BinAuthz.Cli.Commands;

/// <summary>Prints the JSON Schema of the alert policy, for editors.</summary>
internal sealed class AlertsSchemaCommand : CliCommand
{
    /// <summary>The file that lies beside the tool.</summary>
    public const string FileName = "alerts.schema.json";

    public AlertsSchemaCommand()
        : base(
            "schema",
            "Prints the JSON Schema of the alert policy. Editors complete and check with it when the policy begins with: # yaml-language-server: $schema=alerts.schema.json",
            "binauthz alerts schema > alerts.schema.json",
            "binauthz alerts schema --format json")
    {
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken cancellationToken)
    {
        var schema = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, FileName), cancellationToken).ConfigureAwait(false);
        output.Result(JsonNode.Parse(schema)!, people => people.Write(new Text(schema)));
        return ExitCode.Ok;
    }
}
