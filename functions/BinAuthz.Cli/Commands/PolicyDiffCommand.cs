using System.CommandLine;
using System.Text.Json.Nodes;
using BinAuthz.Cli.Output;
using BinAuthz.Cli.Policies;
using BinAuthz.GoogleCloud;
using BinAuthz.Policies;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.Cli.Commands;

/// <summary>Tells in words what a policy file would change in a project.</summary>
internal sealed class PolicyDiffCommand : CliCommand
{
    private readonly Argument<string> file = new("file") { Description = "The policy that is wanted (YAML or JSON)." };
    private readonly Option<string> project = new("--project") { Description = "The project id.", HelpName = "id", Required = true };
    private readonly EndpointOption endpoint = new();

    public PolicyDiffCommand()
        : base(
            "diff",
            "Compares a policy file with the policy of a project: one line for each change, and whether it tightens or loosens. Exit code 1: they differ.",
            "binauthz policy diff policy.yaml --project acme-prod",
            "binauthz policy diff policy.yaml --project acme-prod --format json")
    {
        Add(file);
        Add(project);
        Add(endpoint);
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken cancellationToken)
    {
        var wanted = PolicyFile.Demand(arguments.GetRequiredValue(file)).Document.Policy;
        var owner = arguments.GetRequiredValue(project);
        var services = GoogleServices.Connect(arguments.GetValue(endpoint));
        await using (services.ConfigureAwait(false))
        {
            var live = await services.GetRequiredService<BinaryAuthorizationClient>().GetPolicyAsync(owner, cancellationToken).ConfigureAwait(false);
            var changes = PolicyDiff.Compare(live, wanted);
            output.Result(new JsonObject { ["project"] = owner, ["changes"] = PolicyChanges.ToJson(changes) }, people => PolicyChanges.Write(people, changes));
            output.Progress(changes.Count == 0 ? $"The policy of {owner} is as wanted." : $"Changes: {changes.Count}, of which {changes.Count(change => change.Loosens)} may admit more.");
            return changes.Count == 0 ? ExitCode.Ok : ExitCode.Refused;
        }
    }
}
