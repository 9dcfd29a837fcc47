using System.CommandLine;
using System.Text.Json.Nodes;
using BinAuthz.Auditing;
using BinAuthz.Cli.Output;
using BinAuthz.GoogleCloud;
using BinAuthz.Keys;
using BinAuthz.Setup;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace BinAuthz.Cli.Commands;

/// <summary>Sets an environment up, or says what that would change.</summary>
internal sealed class SetupCommand : CliCommand
{
    private readonly Argument<string> project = new("project") { Description = "The project id." };
    private readonly Argument<string> environment = new("environment") { Description = "production enforces, staging is a dry run, development is open." };
    private readonly Option<bool> plan = new("--plan") { Description = "Shows what would change, and changes nothing." };
    private readonly Option<string> algorithm = new("--algorithm") { Description = $"Of a key that has to be made: {string.Join(", ", SignatureAlgorithm.All)}.", DefaultValueFactory = _ => SignatureAlgorithm.Default.ToString(), HelpName = "name" };
    private readonly Option<string?> protection = new("--protection-level") { Description = "Of a key that has to be made, for good: software or hsm. Default: hsm in production, software elsewhere.", HelpName = "level" };
    private readonly Option<string> location = new("--location") { Description = "The Cloud KMS location.", DefaultValueFactory = _ => "us-central1", HelpName = "location" };
    private readonly Option<string[]> attestors = new("--attestor") { Description = "The id of a further attestor, with a note and a key of its own; can be given several times. An image then needs an attestation by each.", DefaultValueFactory = _ => [], HelpName = "id" };
    private readonly Option<string[]> repositories = new("--repository") { Description = "A repository of images, LOCATION-docker.pkg.dev/PROJECT/REPOSITORY, which the functions may read; can be given several times.", DefaultValueFactory = _ => [], HelpName = "name" };
    private readonly DurationOption retention = new("--retention", "How long evidence can be neither deleted nor overwritten. A longer retention that is there stays, and 0 sets none.", SetupRequest.DefaultRetention, allowsZero: true);
    private readonly EndpointOption endpoint = new();

    public SetupCommand()
        : base(
            "setup",
            "Makes what an environment needs around its functions: key ring, key, note, attestor, public key, policy rule, audit key, evidence bucket, topics, log sinks, service accounts, custom roles and who may do what. What is there stays; it can be run again.",
            "binauthz setup acme-prod production --plan",
            "binauthz setup acme-prod production --repository us-central1-docker.pkg.dev/acme-prod/app",
            "binauthz setup acme-prod production --attestor production-scanned",
            "binauthz setup acme-prod staging --algorithm rsa-sign-pss-4096-sha512 --endpoint http://127.0.0.1:8080")
    {
        environment.AcceptOnlyFromAmong("production", "staging", "development");
        Add(project);
        Add(environment);
        Add(plan);
        protection.AcceptOnlyFromAmong("software", "hsm");
        Add(algorithm);
        Add(protection);
        Add(location);
        Add(attestors);
        Add(repositories);
        Add(retention);
        Add(endpoint);
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken cancellationToken)
    {
        var deployment = DeploymentEnvironment.Parse(arguments.GetRequiredValue(environment));
        var request = new SetupRequest(
            arguments.GetRequiredValue(project),
            deployment,
            arguments.GetRequiredValue(location),
            SignatureAlgorithm.Parse(arguments.GetRequiredValue(algorithm)))
        {
            FurtherAttestors = arguments.GetRequiredValue(attestors),
            Repositories = [.. arguments.GetRequiredValue(repositories).Select(Repository)],
            Protection = new AuditOptions { ProtectionLevel = arguments.GetValue(protection) }.RequiredProtection(deployment),
            Retention = arguments.GetRequiredValue(retention) is var period && period > TimeSpan.Zero ? period : null,
        };
        var services = GoogleServices.Connect(arguments.GetValue(endpoint));
        await using (services.ConfigureAwait(false))
        {
            var setup = services.GetRequiredService<EnvironmentSetup>();
            var planned = arguments.GetValue(plan);
            var steps = planned
                ? await setup.PlanAsync(request, cancellationToken).ConfigureAwait(false)
                : await setup.ApplyAsync(request, new SetupProgress(step => output.Progress($"{step.Kind}: {step.Resource}")), cancellationToken).ConfigureAwait(false);
            output.Result(Document(request, planned, steps), people => Write(people, planned, steps));
            return ExitCode.Ok;
        }
    }

    private static string Repository(string text) => RepositoryPath.TryParse($"{text.TrimEnd('/')}/image", out var path) && path.Image == "image"
        ? path.Parent
        : throw new ConfigurationException([$"'{text}' is no repository of images in Artifact Registry: write LOCATION-docker.pkg.dev/PROJECT/REPOSITORY."]);

    private static JsonObject Document(SetupRequest request, bool planned, IReadOnlyList<SetupStep> steps) => new()
    {
        ["project"] = request.Project,
        ["environment"] = request.Environment.Name,
        ["planned"] = planned,
        ["changes"] = steps.Count(step => step.Change),
        ["looks"] = steps.Count(step => step.NeedsLook),
        ["steps"] = new JsonArray([.. steps.Select(step => new JsonObject { ["kind"] = step.Kind, ["resource"] = step.Resource, ["change"] = step.Change, ["look"] = step.NeedsLook, ["detail"] = step.Detail })]),
    };

    private static void Write(IAnsiConsole people, bool planned, IReadOnlyList<SetupStep> steps)
    {
        var change = planned ? "would change" : "changed";
        foreach (var step in steps)
        {
            var (word, color) = step.NeedsLook ? ("look at this", Color.Red) : step.Change ? (change, Color.Yellow) : ("as it is", Color.Green);
            people.Write(new Text($"{word,-12} ", new Style(color)));
            people.WriteLine($"{step.Kind,-16} {step.Resource} ({step.Detail})");
        }

        var looks = steps.Count(step => step.NeedsLook);
        people.WriteLine($"{steps.Count(step => step.Change)} of {steps.Count} {change}.{(looks > 0 ? $" {looks} of them somebody has to look at." : "")}");
    }
}
