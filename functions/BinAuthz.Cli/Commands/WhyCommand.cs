using System.CommandLine;
using System.Text.Json.Nodes;
using BinAuthz.Approval;
using BinAuthz.Attestations;
using BinAuthz.Cli.Approval;
using BinAuthz.Cli.Output;
using BinAuthz.Decisions;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Signing;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace BinAuthz.Cli.Commands;

/// <summary>Tells why an image was signed: the decision's records, verified with the attestor's keys. Without any, why it was not.</summary>
internal sealed class WhyCommand : CliCommand
{
    private readonly ImageArgument image = new();
    private readonly AttestorOptions attestors = new(several: true);
    private readonly Option<string?> bucket = new("--bucket") { Description = "The evidence bucket. Default: PROJECT-binauthz-evidence, with the attestor's project.", HelpName = "name" };
    private readonly EndpointOption endpoint = new();

    public WhyCommand()
        : base(
            "why",
            "Tells why an image was signed, from the signed records of the decision; without any, why it was refused last. Exit code 1: there is no signed record; 4: there are, and one is not what the attestor signed, or none can be verified.",
            "binauthz why us-central1-docker.pkg.dev/acme-prod/app/server:1.0",
            "binauthz why us-central1-docker.pkg.dev/acme-prod/app/server:1.0 --attestor projects/acme-prod/attestors/production-attestor --bucket acme-prod-binauthz-evidence --format json")
    {
        Add(image);
        attestors.AddTo(this);
        Add(bucket);
        Add(endpoint);
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken cancellationToken)
    {
        var services = GoogleServices.Connect(arguments.GetValue(endpoint));
        await using (services.ConfigureAwait(false))
        {
            var wanted = await image.ResolveAsync(arguments, services.GetRequiredService<ArtifactRegistryClient>(), output, cancellationToken).ConfigureAwait(false);
            var chosen = await attestors.FindAllAsync(arguments, wanted, services.GetRequiredService<BinaryAuthorizationClient>(), cancellationToken).ConfigureAwait(false);
            var evidence = arguments.GetValue(bucket) is { } named ? new EvidenceBucket(named) : EvidenceBucket.Default(chosen[0].Name.Project);
            var records = new DecisionRecords(services.GetRequiredService<StorageClient>(), evidence);
            var read = await Task.WhenAll(chosen.Select(attestor => CheckedDecision.ReadAsync(records, attestor, wanted.Digest, cancellationToken))).ConfigureAwait(false);
            CheckedDecision[] found = [.. read.SelectMany(each => each)];
            var refusals = found.Length > 0 ? [] : await ReadRefusalsAsync(services.GetRequiredService<RefusalRecords>(), evidence, chosen, wanted, cancellationToken).ConfigureAwait(false);
            output.Result(
                new JsonObject
                {
                    ["image"] = wanted.ToString(),
                    ["digest"] = wanted.Digest.ToString(),
                    ["records"] = new JsonArray([.. found.Select(each => each.ToJson())]),
                    ["refusals"] = new JsonArray([.. refusals.Select(RefusalOutput.ToJson)]),
                },
                people => Write(people, wanted, chosen, evidence, found, refusals));
            return Judge(found);
        }
    }

    // A refusal is nobody's signed word; it is told where no record says more.
    private static async Task<Decision[]> ReadRefusalsAsync(RefusalRecords refusals, EvidenceBucket evidence, Attestor[] attestors, ImageReference image, CancellationToken cancellationToken)
    {
        var latest = await Task.WhenAll(attestors.Select(attestor => refusals.FindLatestAsync(evidence, attestor.Name, image.Digest, cancellationToken))).ConfigureAwait(false);
        return [.. latest.OfType<Decision>()];
    }

    private static int Judge(CheckedDecision[] found) =>
        found.Length == 0 ? ExitCode.Refused
        : Array.Exists(found, each => each.IsBroken) || Array.TrueForAll(found, each => each.Summary is null) ? ExitCode.InvalidSignature
        : ExitCode.Ok;

    private static void Write(IAnsiConsole people, ImageReference image, Attestor[] attestors, EvidenceBucket evidence, CheckedDecision[] found, Decision[] refusals)
    {
        foreach (var refusal in refusals)
        {
            RefusalOutput.Write(people, refusal);
        }

        if (found.Length == 0 && refusals.Length == 0)
        {
            people.WriteLine($"no record: gs://{evidence.Name} keeps no decision of {string.Join(" or ", attestors.Select(attestor => attestor.Name))} to sign {image}.", new Style(Color.Red));
            people.WriteLine("  No refusal is kept either: it was never weighed. `binauthz approval explain` weighs it, `binauthz sign` signs it.");
        }

        foreach (var each in found)
        {
            if (each.Summary is { } summary)
            {
                Write(people, each, summary);
            }
            else
            {
                people.WriteLine($"unverifiable: {each.Name} does not count: {each.Reason}", new Style(Color.Red));
            }
        }
    }

    private static void Write(IAnsiConsole people, CheckedDecision record, VerificationSummary summary)
    {
        people.WriteLine($"{(summary.ResignedFrom is null ? "approved" : "signed anew")}: {summary.Image} by {summary.Attestor} at {Rfc3339.Write(summary.Verified)}", new Style(Color.Green));
        people.WriteLine($"  policy {summary.PolicyDigest} of {summary.Environment}");
        people.WriteLine($"  signed by {summary.Key}");
        people.WriteLine($"  record {record.Name}");
        if (summary.ResignedFrom is { } from)
        {
            people.WriteLine($"  signed anew from {from.KeyVersion}, {from.Occurrence}; approval was not weighed again");
        }

        Write(people, summary.Rules, "  ");
    }

    private static void Write(IAnsiConsole people, IReadOnlyList<RuleResult> rules, string indent)
    {
        foreach (var rule in rules)
        {
            people.WriteLine($"{indent}{rule.Rule} ({rule.Code}): {rule.Reason}");
            foreach (var evidence in rule.Evidence)
            {
                people.WriteLine($"{indent}  evidence {evidence.Name} {evidence.Digest}");
            }

            foreach (var warning in rule.Warnings)
            {
                people.WriteLine($"{indent}  warning: {warning}");
            }

            Write(people, rule.Parts, indent + "  ");
        }
    }
}
