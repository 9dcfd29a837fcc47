using System.CommandLine;
using System.Text.Json.Nodes;
using BinAuthz.Auditing.Archive;
using BinAuthz.Cli.Auditing;
using BinAuthz.Cli.Output;
using Spectre.Console;

namespace BinAuthz.Cli.Commands;

/// <summary>Proves that no report was altered or removed.</summary>
internal sealed class AuditVerifyChainCommand : CliCommand
{
    private readonly Option<string?> head = new("--head") { Description = "The digest of a statement that was told of, sha256:…: it must be in the chain. Without it, nobody can tell whether the newest reports were removed.", HelpName = "digest" };
    private readonly Option<long?> sequence = new("--sequence") { Description = "The number of a report that was told of: there must be as many.", HelpName = "number" };
    private readonly AuditArchiveOptions archive = new();

    public AuditVerifyChainCommand()
        : base(
            "verify-chain",
            "Verifies every report of an environment and their chain: names each file that was altered, removed or added, each report that is missing, signed by another key or out of order. Exit code 1: the chain is broken; 4: a signature is invalid.",
            "binauthz audit verify-chain --project acme-prod",
            "binauthz audit verify-chain --project acme-prod --head sha256:7c1e…",
            "binauthz audit verify-chain --data ./evidence --public-key audit-key-1.pem --public-key audit-key-2.pem --format json")
    {
        Add(head);
        Add(sequence);
        archive.AddTo(this);
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken cancellationToken)
    {
        var expected = new ExpectedHead(Digest(arguments.GetValue(head)), arguments.GetValue(sequence));
        var services = archive.Connect(arguments);
        await using (services.ConfigureAwait(false))
        {
            var environment = archive.Environment(arguments).Name;
            var verifier = new ChainVerifier(archive.Archive(arguments, services), archive.Keys(arguments, services));
            var verdict = await verifier.VerifyAsync(environment, expected, cancellationToken).ConfigureAwait(false);
            output.Result(Document(environment, verdict), people => Write(people, verdict));
            if (expected is { Digest: null, Sequence: null } && verdict.Head is not null)
            {
                output.Progress("Whether newer reports than the last one were removed cannot be told from here. Give --head or --sequence, as the findings topic or the function's log told it.");
            }

            return AuditOutput.Judge(verdict.Faults);
        }
    }

    private static string? Digest(string? given) => given is null || (given.StartsWith("sha256:", StringComparison.Ordinal) && given.Length == 71)
        ? given
        : throw CommandException.Usage($"--head '{given}' is no digest: write sha256: and 64 hex digits.");

    private static JsonObject Document(string environment, ChainVerdict verdict) => new()
    {
        ["environment"] = environment,
        ["valid"] = verdict.Faults.Count == 0,
        ["reports"] = new JsonArray([.. verdict.Reports.Select(report => new JsonObject
        {
            ["sequence"] = report.Statement.Sequence,
            ["name"] = report.Name.Folder,
            ["digest"] = report.Digest,
            ["keyId"] = report.KeyId,
        })]),
        ["unfinished"] = new JsonArray([.. verdict.Unfinished.Select(name => JsonValue.Create(name))]),
        ["faults"] = AuditOutput.ToJson(verdict.Faults),
    };

    private static void Write(IAnsiConsole people, ChainVerdict verdict)
    {
        AuditOutput.Write(people, verdict.Faults);
        foreach (var name in verdict.Unfinished)
        {
            people.WriteLine($"not finished, and no report: {name}", new Style(Color.Yellow));
        }

        people.WriteLine(verdict.Head is { } last
            ? $"{verdict.Reports.Count} reports with valid signatures; the last is {last.Name}, report {last.Statement.Sequence}, {last.Digest}"
            : "No report has a valid signature.");
        people.WriteLine(verdict.Faults.Count == 0 ? "No report up to that one was altered or removed." : $"{verdict.Faults.Count} things are wrong.", new Style(verdict.Faults.Count == 0 ? Color.Green : Color.Red));
    }
}
