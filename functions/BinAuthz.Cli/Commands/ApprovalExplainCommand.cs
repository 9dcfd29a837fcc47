using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using BinAuthz.Approval;
using BinAuthz.Cli.Approval;
using BinAuthz.Cli.Output;
using BinAuthz.GoogleCloud;
using BinAuthz.Signing;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace BinAuthz.Cli.Commands;

/// <summary>Tells what every rule says of an image now, and on what evidence. Nothing is signed and nothing is stored.</summary>
internal sealed class ApprovalExplainCommand : CliCommand
{
    private readonly ImageArgument image = new();
    private readonly SigningOptions signing = new();

    public ApprovalExplainCommand()
        : base(
            "explain",
            "Tells what every rule says of an image, on what evidence, and whether it is signed; signs nothing. Exit code 0: approved or signed; 1: rejected, or evidence is missing.",
            "binauthz approval explain us-central1-docker.pkg.dev/acme-prod/app/server:1.0",
            "binauthz approval explain us-central1-docker.pkg.dev/acme-prod/app/server:1.0 --approval policies/production.yaml --format json")
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
            var explanation = await services.GetRequiredService<ImageExplainer>().ExplainAsync(wanted, cancellationToken).ConfigureAwait(false);
            output.Result(Document(explanation, services.GetRequiredService<ApprovalPolicy>()), people => Write(people, explanation));
            return explanation.NotAnImage is not null ? ExitCode.Usage
                : explanation.Attestors.All(attestor => attestor.IsSigned == true || attestor.Decision is ApprovalDecision.Approved) ? ExitCode.Ok
                : ExitCode.Refused;
        }
    }

    private static JsonObject Document(ImageExplanation explanation, ApprovalPolicy policy) => new()
    {
        ["image"] = explanation.Facts.Image.ToString(),
        ["digest"] = explanation.Facts.Image.Digest.ToString(),
        ["tags"] = new JsonArray([.. (explanation.Facts.Tags ?? []).Select(tag => JsonValue.Create(tag))]),
        ["uploaded"] = Time(explanation.Facts.Uploaded),
        ["environment"] = policy.Environment,
        ["policy"] = policy.Digest,
        ["notAnImage"] = explanation.NotAnImage,
        ["attestors"] = new JsonArray([.. explanation.Attestors.Select(attestor => new JsonObject
        {
            ["attestor"] = attestor.Policy.Attestor.ToString(),
            ["mode"] = attestor.Policy.Mode == ApprovalMode.DryRun ? "dryRun" : "enforce",
            ["decision"] = RuleResultOutput.Word(attestor.Decision),
            ["signed"] = attestor.IsSigned,
            ["rules"] = RuleResultOutput.ToJson(attestor.Decision.Results),
        })]),
    };

    private static void Write(IAnsiConsole people, ImageExplanation explanation)
    {
        people.WriteLine(explanation.Facts.Image.ToString());
        if (explanation.NotAnImage is { } reason)
        {
            people.WriteLine($"not an image: {reason}", new Style(Color.Red));
            return;
        }

        if (explanation.Facts.Tags is { } tags)
        {
            people.WriteLine($"tags: {(tags.Count == 0 ? "none" : string.Join(", ", tags))}; uploaded: {Time(explanation.Facts.Uploaded) ?? "unknown"}");
        }

        foreach (var attestor in explanation.Attestors)
        {
            people.WriteLine($"{Headline(attestor)}: {attestor.Policy.Attestor}", new Style(decoration: Decoration.Bold));
            RuleResultOutput.Write(people, attestor.Decision.Results);
        }
    }

    private static string Headline(AttestorExplanation attestor)
    {
        var dryRun = attestor.Policy.Mode == ApprovalMode.DryRun ? ", in a dry run" : "";
        var signed = attestor.IsSigned switch { true => ", signed", false => ", not signed", null => "" };
        return RuleResultOutput.Word(attestor.Decision).Replace('-', ' ') + signed + dryRun;
    }

    private static string? Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
