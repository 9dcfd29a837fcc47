using System.CommandLine;
using System.Text.Json.Nodes;
using BinAuthz.Cli.Denials;
using BinAuthz.Cli.Output;
using BinAuthz.Denials;
using BinAuthz.GoogleCloud;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.Cli.Commands;

/// <summary>Tells what was denied, why, and what mends it, from the logs of a project.</summary>
internal sealed class DenialsCommand : CliCommand
{
    // Entries arrive late; what arrives within this time is still told.
    private static readonly TimeSpan LateEntries = TimeSpan.FromMinutes(2);

    private readonly Option<string> project = new("--project") { Description = "The project whose logs are read and whose policy counts.", HelpName = "id", Required = true };
    private readonly Option<TimeSpan> since = new("--since")
    {
        Description = "How far back: a number and m, h or d.",
        HelpName = "24h",
        DefaultValueFactory = _ => TimeSpan.FromHours(24),
    };
    private readonly Option<string[]> kinds = new("--kind") { Description = $"What is told, as often as there are kinds: {string.Join(", ", Kinds)}. Default: everything.", HelpName = "kind", DefaultValueFactory = _ => [] };
    private readonly Option<bool> follow = new("--follow") { Description = "Goes on, and tells what is new every --interval until it is stopped." };
    private readonly Option<int> interval = new("--interval") { Description = "With --follow: seconds between two readings. Cloud Logging allows 60 readings a minute in a project.", HelpName = "seconds", DefaultValueFactory = _ => 10 };
    private readonly EndpointOption endpoint = new();

    public DenialsCommand()
        : base(
            "denials",
            "Tells what Binary Authorization denied, would have denied or was kept from checking, changes of what is trusted, and what audits found, from the project's logs: what, where, who, why, and the command that mends it. Exit code 1: an image was denied.",
            "binauthz denials --project acme-prod",
            "binauthz denials --project acme-prod --since 7d --kind denial --kind dryRunDenial --format json",
            "binauthz denials --project acme-prod --since 10m --follow")
    {
        since.CustomParser = result =>
        {
            if (DurationText.TryParse(result.Tokens[0].Value, out var duration))
            {
                return duration;
            }

            result.AddError($"--since '{result.Tokens[0].Value}' is no length of time: write a number and m, h or d, such as 24h.");
            return default;
        };
        kinds.AcceptOnlyFromAmong([.. Kinds]);
        interval.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 3600)
            {
                result.AddError("--interval must be from 1 to 3600 seconds.");
            }
        });
        foreach (var option in new Option[] { project, since, kinds, follow, interval, endpoint })
        {
            Add(option);
        }
    }

    private static IEnumerable<string> Kinds => Enum.GetValues<FindingKind>().Select(DiagnosedGroup.Word);

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken cancellationToken)
    {
        var services = GoogleServices.Connect(arguments.GetValue(endpoint));
        await using (services.ConfigureAwait(false))
        {
            var time = services.GetRequiredService<TimeProvider>();
            var wanted = arguments.GetRequiredValue(kinds).ToHashSet(StringComparer.Ordinal);
            var logged = new LoggedFindings(
                services.GetRequiredService<LoggingClient>(), arguments.GetRequiredValue(project), [.. Enum.GetValues<FindingKind>().Where(kind => wanted.Contains(DiagnosedGroup.Word(kind)))]);
            var diagnosis = services.GetRequiredService<FindingDiagnosis>();
            var from = time.GetUtcNow() - arguments.GetRequiredValue(since);
            var found = await ReadAsync(logged, diagnosis, from, output, cancellationToken).ConfigureAwait(false);
            if (!arguments.GetValue(follow))
            {
                output.Result(Document(arguments.GetRequiredValue(project), from, logged, found), people => found.ToList().ForEach(group => group.Write(people)));
                output.Progress($"{found.Sum(group => group.Group.Count)} findings in {found.Count} groups since {Rfc3339.Write(from)}.");
                return Judge(found);
            }

            Tell(found, output);
            return await FollowAsync(logged, diagnosis, Judge(found), TimeSpan.FromSeconds(arguments.GetValue(interval)), time, output, cancellationToken).ConfigureAwait(false);
        }
    }

    // Whoever stops it has seen enough: the answer is then the same as without --follow.
    private static async Task<int> FollowAsync(
        LoggedFindings logged, FindingDiagnosis diagnosis, int code, TimeSpan every, TimeProvider time, CommandOutput output, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await Task.Delay(every, time, cancellationToken).ConfigureAwait(false);
                var found = await ReadAsync(logged, diagnosis, time.GetUtcNow() - LateEntries - every, output, cancellationToken).ConfigureAwait(false);
                Tell(found, output);
                code = Math.Max(code, Judge(found));
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                return code;
            }
            catch (GoogleCallException error) when (error.IsTransient)
            {
                output.Progress($"{error.Message} It is tried again.");
            }
        }
    }

    private static async Task<IReadOnlyList<DiagnosedGroup>> ReadAsync(LoggedFindings logged, FindingDiagnosis diagnosis, DateTimeOffset from, CommandOutput output, CancellationToken cancellationToken)
    {
        var groups = FindingGroup.Of(await logged.ReadAsync(from, cancellationToken).ConfigureAwait(false));
        if (logged.Unreadable > 0)
        {
            output.Progress($"{logged.Unreadable} entries could not be read.");
        }

        if (logged.IsCut)
        {
            output.Progress("There are more entries than are read at once: the older ones are missing. Ask for less with --since.");
        }

        return await DiagnosedGroup.ReadAsync(diagnosis, groups, cancellationToken).ConfigureAwait(false);
    }

    private static void Tell(IReadOnlyList<DiagnosedGroup> found, CommandOutput output)
    {
        foreach (var group in found.Reverse())
        {
            output.Result(group.ToJson(), group.Write);
        }
    }

    private static JsonObject Document(string project, DateTimeOffset since, LoggedFindings logged, IReadOnlyList<DiagnosedGroup> found) => new()
    {
        ["project"] = project,
        ["since"] = Rfc3339.Write(since),
        ["complete"] = !logged.IsCut,
        ["unreadable"] = logged.Unreadable,
        ["groups"] = new JsonArray([.. found.Select(group => group.ToJson())]),
    };

    private static int Judge(IReadOnlyList<DiagnosedGroup> found) => found.Any(group => group.Group.Latest.Kind == FindingKind.Denial) ? ExitCode.Refused : ExitCode.Ok;
}
