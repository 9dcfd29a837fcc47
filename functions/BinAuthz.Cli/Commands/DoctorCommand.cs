using System.CommandLine;
using System.Text.Json.Nodes;
using BinAuthz.Approval;
using BinAuthz.Checkup;
using BinAuthz.Cli.Approval;
using BinAuthz.Cli.Output;
using BinAuthz.GoogleCloud;
using BinAuthz.Setup;
using BinAuthz.Signing;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace BinAuthz.Cli.Commands;

/// <summary>Looks for what keeps an environment from working, and says what mends it. Changes and signs nothing.</summary>
internal sealed class DoctorCommand : CliCommand
{
    private readonly Argument<string> project = new("project") { Description = "The project id." };
    private readonly Argument<string> environment = new("environment") { Description = "production enforces, staging is a dry run, development is open." };
    private readonly Option<string?> image = new("--image") { Description = "An image by digest or tag: whether it exists, is named as it must be, and is admitted.", HelpName = "image" };
    private readonly ClusterOption cluster = new("The one cluster to look at. Default: all that the policy has rules for.");
    private readonly Option<string?> approval = new("--approval") { Description = "The approval policy (YAML), whose attestors and keys are looked at instead of the environment's own.", HelpName = "file" };
    private readonly Option<string> location = new("--location") { Description = "The Cloud KMS location of the default key.", DefaultValueFactory = _ => "us-central1", HelpName = "location" };
    private readonly Option<string?> bucket = new("--bucket") { Description = "The evidence bucket. Default: PROJECT-binauthz-evidence.", HelpName = "name" };
    private readonly Option<bool> observer = new("--observer") { Description = "Whoever runs this only looks, as a pipeline does: what it may do itself is not asked." };
    private readonly EndpointOption endpoint = new();

    public DoctorCommand()
        : base(
            "doctor",
            "Looks for what keeps an environment from working: policy, attestor, keys, note, permissions, topics, log sinks, who may do what, an image. Run it as the identity that signs, or with --observer. Exit code 1: something failed, or may not be looked at; 3: something did not answer.",
            "binauthz doctor acme-prod production",
            "binauthz doctor acme-prod production --image us-central1-docker.pkg.dev/acme-prod/app/server:1.0 --cluster us-central1.prod",
            "binauthz doctor acme-prod production --approval approval.yaml --format json")
    {
        environment.AcceptOnlyFromAmong("production", "staging", "development");
        Add(project);
        Add(environment);
        foreach (var option in new Option[] { image, cluster, approval, location, bucket, observer, endpoint })
        {
            Add(option);
        }
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken cancellationToken)
    {
        var request = Request(arguments);
        var services = GoogleServices.Connect(arguments.GetValue(endpoint));
        await using (services.ConfigureAwait(false))
        {
            var results = await services.GetRequiredService<EnvironmentCheckup>().RunAsync(request, cancellationToken).ConfigureAwait(false);
            output.Result(Document(request, results), people => Write(people, results));
            output.Progress(string.Join(", ", Enum.GetValues<CheckStatus>().Select(status => $"{Word(status)}: {results.Count(result => result.Status == status)}")));
            return Judge(results);
        }
    }

    private CheckupRequest Request(ParseResult arguments)
    {
        var owner = arguments.GetRequiredValue(project);
        var chosen = DeploymentEnvironment.Parse(arguments.GetRequiredValue(environment));
        var where = arguments.GetRequiredValue(location);
        var policy = arguments.GetValue(approval) is { } file ? EnvironmentApproval.Read(file, chosen) : null;
        var options = new BinAuthzOptions { Location = where };
        CheckupAttestor[] attestors = policy is null
            ? [new CheckupAttestor(chosen.Attestor(owner), chosen.Key(owner, where))]
            : [.. policy.Attestors.Select(each => SigningIdentity.From(policy.Environment, each, options)).Select(each => new CheckupAttestor(each.Attestor, each.Key))];
        return new CheckupRequest(owner, chosen, attestors, arguments.GetValue(bucket) ?? EvidenceBucket.Default(owner).Name)
        {
            Cluster = arguments.GetValue(cluster),
            Image = arguments.GetValue(image),
            AsksPermissions = !arguments.GetValue(observer),
            WeighsPushes = policy?.Needs.HasFlag(EvidenceNeeds.Pushes) == true,
        };
    }

    private static int Judge(IReadOnlyList<CheckResult> results) =>
        results.Any(result => result.Status == CheckStatus.Failed) ? ExitCode.Refused
        : results.Any(result => result.IsTransient) ? ExitCode.Infrastructure
        : results.Any(result => result.Status == CheckStatus.Unchecked) ? ExitCode.Refused
        : ExitCode.Ok;

    private static JsonObject Document(CheckupRequest request, IReadOnlyList<CheckResult> results) => new()
    {
        ["project"] = request.Project,
        ["environment"] = request.Environment.Name,
        ["ok"] = results.Count(result => result.Status == CheckStatus.Ok),
        ["warnings"] = results.Count(result => result.Status == CheckStatus.Warning),
        ["unchecked"] = results.Count(result => result.Status == CheckStatus.Unchecked),
        ["failed"] = results.Count(result => result.Status == CheckStatus.Failed),
        ["checks"] = new JsonArray([.. results.Select(result => new JsonObject
        {
            ["check"] = result.Check,
            ["resource"] = result.Resource,
            ["status"] = Word(result.Status),
            ["transient"] = result.IsTransient,
            ["found"] = result.Found,
            ["remedy"] = result.Remedy,
        })]),
    };

    private static void Write(IAnsiConsole people, IReadOnlyList<CheckResult> results)
    {
        foreach (var result in results)
        {
            people.Write(new Text($"{Word(result.Status),-9} ", new Style(ColorOf(result.Status))));
            people.WriteLine($"{result.Check}: {result.Resource}: {result.Found}");
            if (result.Remedy.Length > 0)
            {
                people.WriteLine($"          remedy: {result.Remedy}");
            }
        }
    }

    private static string Word(CheckStatus status) => status switch
    {
        CheckStatus.Ok => "ok",
        CheckStatus.Warning => "warning",
        CheckStatus.Unchecked => "unchecked",
        _ => "failed",
    };

    private static Color ColorOf(CheckStatus status) => status switch
    {
        CheckStatus.Ok => Color.Green,
        CheckStatus.Failed => Color.Red,
        _ => Color.Yellow,
    };
}
