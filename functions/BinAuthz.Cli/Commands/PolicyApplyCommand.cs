using System.CommandLine;
using System.Text.Json.Nodes;
using BinAuthz.Cli.Output;
using BinAuthz.Cli.Policies;
using BinAuthz.GoogleCloud;
using BinAuthz.Policies;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;
using Authz = Google.Cloud.BinaryAuthorization.V1;

namespace BinAuthz.Cli.Commands;

/// <summary>Sets the policy of a project from a file, after showing what that changes.</summary>
internal sealed class PolicyApplyCommand : CliCommand
{
    private readonly Argument<string> file = new("file") { Description = "The policy that is wanted (YAML or JSON)." };
    private readonly Option<string> project = new("--project") { Description = "The project id.", HelpName = "id", Required = true };
    private readonly Option<string?> environment = new("--environment") { Description = "production is held to enforcing; without it, that is not asked.", HelpName = "name" };
    private readonly Option<bool> yes = new("--yes") { Description = "Sets the policy; without it the changes are shown only." };
    private readonly Option<bool> allowLoosening = new("--allow-loosening") { Description = "Lets changes pass that admit more than before." };
    private readonly EndpointOption endpoint = new();

    public PolicyApplyCommand()
        : base(
            "apply",
            "Sets the policy of a project from a file, unless lint finds errors or a change admits more than before. Exit code 1: refused, or --yes is missing.",
            "binauthz policy apply policy.yaml --project acme-prod --environment production",
            "binauthz policy apply policy.yaml --project acme-prod --environment production --yes",
            "binauthz policy apply policy.yaml --project acme-prod --allow-loosening --yes")
    {
        environment.AcceptOnlyFromAmong("production", "staging", "development");
        Add(file);
        Add(project);
        Add(environment);
        Add(yes);
        Add(allowLoosening);
        Add(endpoint);
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken cancellationToken)
    {
        var read = PolicyFile.Demand(arguments.GetRequiredValue(file));
        var owner = arguments.GetRequiredValue(project);
        var services = GoogleServices.Connect(arguments.GetValue(endpoint));
        await using (services.ConfigureAwait(false))
        {
            var authorization = services.GetRequiredService<BinaryAuthorizationClient>();
            var live = await authorization.GetPolicyAsync(owner, cancellationToken).ConfigureAwait(false);
            var options = new PolicyLintOptions(arguments.GetValue(environment) == "production", owner)
            {
                Attestors = await LiveAttestors.ReadAsync(authorization, [read.Document], cancellationToken).ConfigureAwait(false),
            };
            var findings = PolicyLinter.Lint(read.Document, options);
            var changes = PolicyDiff.Compare(live, read.Document.Policy);
            WarnOfOldExport(read.Document.Policy, live, output);
            var (code, result, words) = Decide(arguments, findings, changes);
            if (result == "applied")
            {
                await SetAsync(authorization, owner, live, read.Document.Policy, cancellationToken).ConfigureAwait(false);
            }

            output.Result(
                new JsonObject { ["project"] = owner, ["result"] = result, ["changes"] = PolicyChanges.ToJson(changes), ["findings"] = PolicyFile.ToJson(findings) },
                people => Write(people, read, findings, changes));
            output.Progress(words);
            return code;
        }
    }

    private (int Code, string Result, string Words) Decide(ParseResult arguments, IReadOnlyList<PolicyFinding> findings, IReadOnlyList<PolicyChange> changes)
    {
        var loosening = changes.Count(change => change.Loosens);
        return findings.Any(finding => finding.Severity == FindingSeverity.Error) ? (ExitCode.Refused, "errors", "Nothing was set: the policy has errors. Mend them first.")
            : changes.Count == 0 ? (ExitCode.Ok, "unchanged", "Nothing was set: the policy is as wanted.")
            : loosening > 0 && !arguments.GetValue(allowLoosening) ? (ExitCode.Refused, "loosening", $"Nothing was set: {loosening} of {changes.Count} changes may admit more than before. If that is meant, give --allow-loosening.")
            : !arguments.GetValue(yes) ? (ExitCode.Refused, "shown", $"Nothing was set: give --yes to make these {changes.Count} changes.")
            : (ExitCode.Ok, "applied", $"The policy was set and read back. Changes: {changes.Count}. Pods that run already are not stopped; clusters follow within seconds to minutes.");
    }

    /// <summary>Sets the policy under the etag of the one that the changes were shown against.</summary>
    private static async Task SetAsync(BinaryAuthorizationClient authorization, string project, Authz.Policy live, Authz.Policy wanted, CancellationToken cancellationToken)
    {
        var policy = wanted.Clone();
        policy.Name = $"projects/{project}/policy";
        policy.Etag = live.Etag;
        policy.UpdateTime = null;
        GoogleCallException? conflict = null;
        try
        {
            await authorization.UpdatePolicyAsync(policy, cancellationToken).ConfigureAwait(false);
        }
        catch (GoogleCallException error) when (error.Status == StatusCode.Aborted)
        {
            // The channel repeats a call whose answer was lost, and the repetition meets its own etag: only reading tells.
            conflict = error;
        }

        if (PolicyDiff.Compare(await authorization.GetPolicyAsync(project, cancellationToken).ConfigureAwait(false), wanted) is { Count: > 0 } left)
        {
            throw CommandException.Infrastructure(
                conflict is null
                    ? $"The policy of {project} was set, and what was read back differs: {string.Join("; ", left.Select(change => change.Words))}. Look at it with `binauthz policy diff`."
                    : $"The policy of {project} was changed by somebody else after it was read here, so it was not set. Run the command again and look at the changes.",
                conflict);
        }
    }

    private static void WarnOfOldExport(Authz.Policy wanted, Authz.Policy live, CommandOutput output)
    {
        if (wanted.Etag.Length > 0 && live.Etag.Length > 0 && wanted.Etag != live.Etag)
        {
            output.Progress($"The file was exported under the etag {wanted.Etag}, and the policy has {live.Etag} now: it was changed since. Changes of others are undone where the list says so.");
        }
    }

    private static void Write(IAnsiConsole people, PolicyFile file, IReadOnlyList<PolicyFinding> findings, IReadOnlyList<PolicyChange> changes)
    {
        foreach (var line in file.Lines(findings))
        {
            people.WriteLine(line);
        }

        PolicyChanges.Write(people, changes);
    }
}
