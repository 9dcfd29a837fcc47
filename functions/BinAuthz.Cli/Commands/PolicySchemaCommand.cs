using System.CommandLine;
using System.Text.Json.Nodes;
using BinAuthz.Cli.Output;
using Spectre.Console;

namespace BinAuthz.Cli.Commands;

/// <summary>Prints the JSON Schema of a policy file, for editors.</summary>
internal sealed class PolicySchemaCommand : CliCommand
{
    private readonly string file;

    /// <param name="policy">What the file is: <c>approval</c> or <c>alert</c>.</param>
    /// <param name="group">The command that this one belongs to; the schema <c>GROUP.schema.json</c> lies beside the tool.</param>
    public PolicySchemaCommand(string policy, string group)
        : base(
            "schema",
            $"Prints the JSON Schema of the {policy} policy. Editors complete and check with it when the policy begins with: # yaml-language-server: $schema={group}.schema.json",
            $"binauthz {group} schema > {group}.schema.json",
            $"binauthz {group} schema --format json") => file = $"{group}.schema.json";

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken cancellationToken)
    {
        var schema = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, file), cancellationToken).ConfigureAwait(false);
        output.Result(JsonNode.Parse(schema)!, people => people.Write(new Text(schema)));
        return ExitCode.Ok;
    }
}
