using System.CommandLine;
using System.Text.Json.Nodes;
using BinAuthz.Cli.Alerts;
using BinAuthz.Cli.Output;
using Spectre.Console;

namespace BinAuthz.Cli.Commands;

/// <summary>Tells everything that is wrong with alert policies, without asking anybody.</summary>
internal sealed class AlertsLintCommand : CliCommand
{
    private readonly Argument<string[]> files = new("file") { Description = "Alert policies (YAML).", Arity = ArgumentArity.OneOrMore };

    public AlertsLintCommand()
        : base(
            "lint",
            "Checks alert policies: file:line:column, what is wrong, and the remedy. Exit code 2: there are errors. Reads no secret.",
            "binauthz alerts lint alerts.yaml",
            "binauthz alerts lint alerts.yaml --format json") => Add(files);

    protected override Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken cancellationToken)
    {
        AlertPolicyFile[] read = [.. arguments.GetRequiredValue(files).Select(AlertPolicyFile.Read)];
        var errors = read.Sum(file => file.Errors.Count);
        output.Result(
            new JsonObject { ["files"] = new JsonArray([.. read.Select(ToJson)]), ["errors"] = errors },
            people => PrintLines(people, read));
        output.Progress($"Files: {read.Length}, errors: {errors}.");
        return Task.FromResult(errors > 0 ? ExitCode.Usage : ExitCode.Ok);
    }

    private static JsonNode ToJson(AlertPolicyFile file) => new JsonObject
    {
        ["file"] = file.File,
        ["errors"] = new JsonArray([.. file.Errors.Select(error => new JsonObject
        {
            ["line"] = error.Line,
            ["column"] = error.Column,
            ["rule"] = error.Rule,
            ["remedy"] = error.Remedy,
        })]),
    };

    private static void PrintLines(IAnsiConsole people, IEnumerable<AlertPolicyFile> read)
    {
        foreach (var error in read.SelectMany(file => file.Errors))
        {
            people.WriteLine($"{error.File}:{error.Line}:{error.Column}: error: {error.Rule} {error.Remedy}");
        }
    }
}
