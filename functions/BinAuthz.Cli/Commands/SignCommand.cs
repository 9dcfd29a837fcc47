using System.CommandLine;
using System.Text.Json.Nodes;
using BinAuthz.Approval;
using BinAuthz.Cli.Output;
using BinAuthz.Decisions;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Signing;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace BinAuthz.Cli.Commands;

/// <summary>Weighs an image and attests it, exactly as the function does on an event.</summary>
internal sealed class SignCommand : CliCommand
{
    private readonly ImageArgument image = new();
    private readonly SigningOptions signing = new();

    public SignCommand()
        : base(
            "sign",
            "Weighs an image by the approval policy and attests it, with every platform of an index. Exit code 1: the policy says no, or evidence is missing.",
            "binauthz sign us-central1-docker.pkg.dev/acme-prod/app/server:1.0 --approval approval.yaml",
            "binauthz sign us-central1-docker.pkg.dev/acme-prod/app/server@sha256:708a5f9d8de66561de5129583928203b05587db98b695fa982ec4a5b8a3e94bc --format json")
    {
        Add(image);
        signing.AddTo(this);
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken cancellationToken)
    {
        var services = signing.Connect(arguments);
        await using (services.ConfigureAwait(false))
        {
            var wanted = await image.ResolveAsync(arguments, services.GetRequiredService<ArtifactRegistryClient>(), output, cancellationToken).ConfigureAwait(false);
            var outcomes = await services.GetRequiredService<ImageSigner>().SignAsync(wanted, cancellationToken).ConfigureAwait(false);
            output.Result(Document(wanted, outcomes), people => outcomes.ToList().ForEach(outcome => Write(people, outcome)));
            return outcomes.Max(outcome => outcome switch
            {
                SigningOutcome.Signed or SigningOutcome.AlreadySigned or SigningOutcome.WouldSign => ExitCode.Ok,
                SigningOutcome.NotAnImage => ExitCode.Usage,
                _ => ExitCode.Refused,
            });
        }
    }

    private static JsonObject Document(ImageReference image, IReadOnlyList<SigningOutcome> outcomes) => new()
    {
        ["image"] = image.ToString(),
        ["digest"] = image.Digest.ToString(),
        ["attestors"] = new JsonArray([.. outcomes.Select(Document)]),
    };

    private static JsonObject Document(SigningOutcome outcome)
    {
        var document = new JsonObject { ["attestor"] = outcome.Attestor.ToString(), ["outcome"] = outcome.Code };
        switch (outcome)
        {
            case SigningOutcome.Signed signed:
                document["key"] = signed.Key.ToString();
                document["attestations"] = new JsonArray([.. signed.Stored.Select(stored => new JsonObject { ["image"] = stored.Image.ToString(), ["name"] = stored.Occurrence })]);
                break;
            case SigningOutcome.NotAnImage other:
                document["reason"] = other.Reason;
                break;
        }

        document["rules"] = new JsonArray([.. outcome.Rules.Select(rule => new JsonObject
        {
            ["rule"] = rule.Rule,
            ["verdict"] = RuleJson.VerdictWord(rule.Verdict),
            ["code"] = rule.Code,
            ["reason"] = rule.Reason,
            ["remedy"] = rule.Remedy,
        })]);
        return document;
    }

    private static void Write(IAnsiConsole people, SigningOutcome outcome)
    {
        people.WriteLine($"{outcome.Code.Replace('_', ' ')}: {outcome.Image} by {outcome.Attestor}");
        switch (outcome)
        {
            case SigningOutcome.Signed signed:
                people.WriteLine($"  by {signed.Key}");
                foreach (var stored in signed.Stored)
                {
                    people.WriteLine($"  {stored.Occurrence} for {stored.Image.Digest}");
                }

                break;
            case SigningOutcome.NotAnImage other:
                people.WriteLine($"  {other.Reason}");
                break;
            default:
                foreach (var rule in outcome.Rules.Where(rule => rule.Verdict != RuleVerdict.Satisfied))
                {
                    people.WriteLine($"  {rule.Rule} ({rule.Code}): {rule.Reason} {rule.Remedy}");
                }

                break;
        }
    }
}
