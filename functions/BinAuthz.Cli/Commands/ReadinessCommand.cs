using System.CommandLine;
using System.Text.Json.Nodes;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Archive;
using BinAuthz.Auditing.Readiness;
using BinAuthz.Cli.Output;
using BinAuthz.GoogleCloud;
using BinAuthz.Setup;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace BinAuthz.Cli.Commands;

/// <summary>Says whether an environment may go from a dry run to enforcing. Changes nothing and keeps no report.</summary>
internal sealed class ReadinessCommand : CliCommand
{
    private readonly Argument<string> environment = new("environment") { Description = "production, staging or development." };
    private readonly AuditRequestOptions request = new();

    public ReadinessCommand()
        : base(
            "readiness",
            "Says whether an environment may go from a dry run to enforcing: every image attested, nothing denied for 14 days while the policy asked for attestations, no function failed for 7, the way back known, and nothing of high severity in an audit made now. Exit code 1: something is missing, and from when on it may be there.",
            "binauthz readiness production --project acme-prod",
            "binauthz readiness staging --project acme-staging --approval approval.yaml --format json")
    {
        environment.AcceptOnlyFromAmong("production", "staging", "development");
        Add(environment);
        request.AddTo(this);
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken cancellationToken)
    {
        var chosen = DeploymentEnvironment.Parse(arguments.GetRequiredValue(environment));
        var services = new ServiceCollection().AddAuditing(request.Archive.Options(arguments), request.Archive.Project(arguments)).BuildServiceProvider();
        await using (services.ConfigureAwait(false))
        {
            var asked = request.Read(arguments, chosen, services.GetRequiredService<TimeProvider>());
            var store = ReportStore.Of(request.Archive.Archive(arguments, services), services.GetRequiredService<KeyManagementClient>(), asked.AuditKey);
            var kept = await store.FindLatestAsync(chosen.Name, cancellationToken).ConfigureAwait(false);
            var facts = await services.GetRequiredService<ReadinessReader>().ReadAsync(asked, kept, cancellationToken).ConfigureAwait(false);
            var verdict = ReadinessPolicy.Decide(facts);
            output.Result(Document(asked, verdict), people => Write(people, asked, verdict));
            return verdict.IsReady ? ExitCode.Ok : ExitCode.Refused;
        }
    }

    private static JsonObject Document(AuditRequest asked, ReadinessVerdict verdict) => new()
    {
        ["project"] = asked.Project,
        ["environment"] = asked.Environment.Name,
        ["time"] = Rfc3339.Write(asked.Time),
        ["ready"] = verdict.IsReady,
        ["from"] = Time(verdict.From),
        ["conditions"] = new JsonArray([.. verdict.Conditions.Select(condition => new JsonObject
        {
            ["id"] = condition.Id,
            ["title"] = condition.Title,
            ["met"] = condition.IsMet,
            ["detail"] = condition.Detail,
            ["from"] = Time(condition.From),
        })]),
        ["rollback"] = verdict.Rollback,
    };

    private static JsonNode? Time(DateTimeOffset? time) => time is { } known ? Rfc3339.Write(known) : null;

    private static void Write(IAnsiConsole people, AuditRequest asked, ReadinessVerdict verdict)
    {
        foreach (var condition in verdict.Conditions)
        {
            people.Write(new Text(condition.IsMet ? "ok       " : "missing  ", new Style(condition.IsMet ? Color.Green : Color.Red)));
            people.WriteLine($"{condition.Title}: {condition.Detail}{(condition.From is { } from ? $" If nothing happens until then, from {Rfc3339.Write(from)} on." : "")}");
        }

        people.WriteLine(verdict.IsReady
            ? $"{asked.Environment} of {asked.Project} is ready to enforce."
            : $"{asked.Environment} of {asked.Project} is not ready to enforce{(verdict.From is { } then ? $", at the earliest from {Rfc3339.Write(then)} on" : "")}.");
        if (verdict.Rollback.Length > 0)
        {
            people.WriteLine($"The way back: {verdict.Rollback}");
        }
    }
}
