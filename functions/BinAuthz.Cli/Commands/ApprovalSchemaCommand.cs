using System.CommandLine;
using System.Text.Json.Nodes;
using BinAuthz.Cli.Output;
using Spectre.Console;

namespace BinAuthz.Cli.Commands;

/// <summary>Prints the JSON Schema of the approval policy, for editors.</summary>
internal sealed class ApprovalSchemaCommand : CliCommand
{
    /// <summary>The file that lies beside the tool.</summary>
    public const string FileName = "approval.schema.json";

    public ApprovalSchemaCommand()
        : base(
            "schema",
            "Prints the JSON Schema of the approval policy. Editors complete and check with it when the policy begins with: # yaml-language-server: $schema=approval.schema.json",
            "binauthz approval schema > approval.schema.json",
            "binauthz approval schema --format json")
    {
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken cancellationToken)
    {
        var schema = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, FileName), cancellationToken).ConfigureAwait(false);
        output.Result(JsonNode.Parse(schema)!, people => people.Write(new Text(schema)));
        return ExitCode.Ok;
    }
}
