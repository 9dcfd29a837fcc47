using System.CommandLine;
using System.Text.Json.Nodes;
using BinAuthz.Attestations;
using BinAuthz.Cli.Output;
using BinAuthz.Cli.Policies;
using BinAuthz.GoogleCloud;
using BinAuthz.Policies;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace BinAuthz.Cli.Commands;

/// <summary>Tells what is wrong with policy documents.</summary>
internal sealed class PolicyLintCommand : CliCommand
{
    private readonly Argument<string[]> files = new("file") { Description = "Policies, as gcloud exports them (YAML or JSON).", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string?> environment = new("--environment") { Description = "production is held to enforcing; without it, that is not asked.", HelpName = "name" };
    private readonly Option<string?> project = new("--project") { Description = "The project that the policy is for; attestors are then looked up.", HelpName = "id" };
    private readonly Option<bool> strict = new("--strict") { Description = "Let warnings count: exit code 1." };
    private readonly EndpointOption endpoint = new();

    public PolicyLintCommand()
        : base(
            "lint",
            "Checks policies: file:line:column, what is wrong, and the remedy. Exit code 1: there are errors, or with --strict warnings; 2: a file cannot be read.",
            "binauthz policy lint policy.yaml --environment production",
            "binauthz policy lint policy.yaml --project acme-prod --strict --format json")
    {
        environment.AcceptOnlyFromAmong("production", "staging", "development");
        Add(files);
        Add(environment);
        Add(project);
        Add(strict);
        Add(endpoint);
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken cancellationToken)
    {
        PolicyFile[] read = [.. arguments.GetRequiredValue(files).Select(PolicyFile.Read)];
        var options = new PolicyLintOptions(arguments.GetValue(environment) == "production", arguments.GetValue(project))
        {
            Attestors = await AttestorsAsync(arguments, read, cancellationToken).ConfigureAwait(false),
        };
        (PolicyFile File, IReadOnlyList<PolicyFinding> Findings)[] linted = [.. read.Select(file => (file, file.IsReadable ? PolicyLinter.Lint(file.Document, options) : file.Document.Faults))];
        var errors = linted.Sum(each => each.Findings.Count(finding => finding.Severity == FindingSeverity.Error));
        var warnings = linted.Sum(each => each.Findings.Count(finding => finding.Severity == FindingSeverity.Warning));
        output.Result(
            new JsonObject
            {
                ["files"] = new JsonArray([.. linted.Select(each => new JsonObject { ["file"] = each.File.File, ["findings"] = PolicyFile.ToJson(each.Findings) })]),
                ["errors"] = errors,
                ["warnings"] = warnings,
            },
            people => PrintLines(people, linted.SelectMany(each => each.File.Lines(each.Findings))));
        output.Progress($"Files: {read.Length}, errors: {errors}, warnings: {warnings}.");
        return read.Any(file => !file.IsReadable) ? ExitCode.Usage
            : errors > 0 || (warnings > 0 && arguments.GetValue(strict)) ? ExitCode.Refused
            : ExitCode.Ok;
    }

    private async Task<IReadOnlyDictionary<AttestorName, Attestor?>> AttestorsAsync(ParseResult arguments, IEnumerable<PolicyFile> read, CancellationToken cancellationToken)
    {
        if (arguments.GetValue(project) is null)
        {
            return new Dictionary<AttestorName, Attestor?>();
        }

        var services = GoogleServices.Connect(arguments.GetValue(endpoint));
        await using (services.ConfigureAwait(false))
        {
            return await LiveAttestors.ReadAsync(services.GetRequiredService<BinaryAuthorizationClient>(), read.Select(file => file.Document), cancellationToken).ConfigureAwait(false);
        }
    }

    private static void PrintLines(IAnsiConsole people, IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            people.WriteLine(line);
        }
    }
}
