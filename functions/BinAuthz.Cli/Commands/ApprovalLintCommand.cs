using System.CommandLine;
using System.Text.Json.Nodes;
using BinAuthz.Cli.Approval;
using BinAuthz.Cli.Output;
using Spectre.Console;

namespace BinAuthz.Cli.Commands;

/// <summary>Tells everything that is wrong with approval policies, without asking anybody.</summary>
internal sealed class ApprovalLintCommand : CliCommand
{
    private readonly Argument<string[]> files = new("file") { Description = "Approval policies (YAML).", Arity = ArgumentArity.OneOrMore };
    private readonly Option<bool> strict = new("--strict") { Description = "Let warnings count: exit code 1." };

    public ApprovalLintCommand()
        : base(
            "lint",
            "Checks approval policies: file:line:column, what is wrong, and the remedy. Exit code 2: there are errors; 1: with --strict, there are warnings.",
            "binauthz approval lint approval.yaml",
            "binauthz approval lint policies/production.yaml policies/staging.yaml --strict --format json")
    {
        Add(files);
        Add(strict);
    }

    protected override Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        PolicyLint[] read = [.. arguments.GetRequiredValue(files).Select(file => PolicyLint.Read(file, now))];
        var errors = read.Sum(file => file.Reading.Errors.Count);
        var warnings = read.Sum(file => file.Reading.Warnings.Count);
        output.Result(
            new JsonObject { ["files"] = new JsonArray([.. read.Select(file => file.ToJson())]), ["errors"] = errors, ["warnings"] = warnings },
            people => PrintLines(people, read));
        output.Progress($"Files: {read.Length}, errors: {errors}, warnings: {warnings}.");
        return Task.FromResult(errors > 0 ? ExitCode.Usage : warnings > 0 && arguments.GetValue(strict) ? ExitCode.Refused : ExitCode.Ok);
    }

    private static void PrintLines(IAnsiConsole people, IEnumerable<PolicyLint> read)
    {
        foreach (var line in read.SelectMany(file => file.Lines()))
        {
            people.WriteLine(line);
        }
    }
}
