using System.CommandLine;
using System.Text.Json.Nodes;
using BinAuthz.Cli.Approval;
using BinAuthz.Cli.Output;
using Spectre.Console;

namespace BinAuthz.Cli.Commands;

/// <summary>Lets an approval policy weigh recorded evidence, and compares with what is expected. Asks nobody.</summary>
internal sealed class ApprovalTestCommand : CliCommand
{
    private readonly Argument<string[]> files = new("file") { Description = "Files of cases (YAML): policy, and cases with image, evidence files and expect.", Arity = ArgumentArity.OneOrMore };

    public ApprovalTestCommand()
        : base(
            "test",
            "Weighs recorded evidence by an approval policy, offline, and compares with what is expected. Exit code 1: something is not as expected; 2: a file cannot be used.",
            "binauthz approval test approval-cases.yaml",
            "binauthz approval test cases/*.yaml --format json")
    {
        Add(files);
    }

    protected override Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        CaseOutcome[] outcomes = [.. ReadAll(arguments.GetRequiredValue(files)).SelectMany(file => file.Cases.Select(each => CaseOutcome.Of(file.File, each, now)))];
        var failed = outcomes.Count(outcome => !outcome.IsOk);
        output.Result(
            new JsonObject { ["cases"] = new JsonArray([.. outcomes.Select(outcome => outcome.ToJson())]), ["ok"] = outcomes.Length - failed, ["failed"] = failed },
            people => Array.ForEach(outcomes, outcome => Write(people, outcome)));
        output.Progress($"Cases: {outcomes.Length}, ok: {outcomes.Length - failed}, failed: {failed}.");
        return Task.FromResult(failed == 0 ? ExitCode.Ok : ExitCode.Refused);
    }

    private static List<CaseFile> ReadAll(string[] names)
    {
        var read = new List<CaseFile>();
        var problems = new List<string>();
        foreach (var name in names)
        {
            try
            {
                read.Add(CaseFileReader.Read(name));
            }
            catch (ConfigurationException error)
            {
                problems.AddRange(error.Problems);
            }
        }

        return problems.Count == 0 ? read : throw new ConfigurationException(problems);
    }

    private static void Write(IAnsiConsole people, CaseOutcome outcome)
    {
        if (outcome.IsOk)
        {
            people.WriteLine($"ok: {outcome.Case.Name}", new Style(Color.Green));
            return;
        }

        people.WriteLine($"failed: {outcome.Case.Name}: {outcome.Difference}", new Style(Color.Red));
        RuleResultOutput.Write(people, outcome.Decision.Results);
    }
}
