using System.CommandLine;
using BinAuthz.Attestations;
using BinAuthz.Cli.Output;
using BinAuthz.Images;
using BinAuthz.Policies;
using BinAuthz.Setup;

namespace BinAuthz.Cli.Commands;

/// <summary>Prints the policy that an environment should have, without asking anybody.</summary>
internal sealed class PolicyRenderCommand : CliCommand
{
    private readonly Argument<string> environment = new("environment") { Description = "production enforces, staging is a dry run, development is open." };
    private readonly Option<string> project = new("--project") { Description = "The project id.", HelpName = "id", Required = true };
    private readonly Option<string[]> attestors = new("--attestor")
    {
        Description = "Id or name of an attestor, as often as there are attestors; an image needs them all. Default: the attestor of the environment.",
        HelpName = "name",
        Arity = ArgumentArity.ZeroOrMore,
    };
    private readonly Option<string[]> clusters = new("--cluster") { Description = "A cluster as LOCATION.NAME, as often as needed: these are governed, and --default says what holds for all others.", HelpName = "location.name", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> others = new("--default") { Description = "With --cluster: allow or deny, for all other clusters and for Cloud Run.", HelpName = "allow|deny" };
    private readonly Option<string[]> allowed = new("--allow") { Description = "A pattern of images that need no attestation, as often as needed.", HelpName = "pattern", Arity = ArgumentArity.ZeroOrMore };

    public PolicyRenderCommand()
        : base(
            "render",
            "Prints the policy of an environment as gcloud imports it: YAML, or with --format json JSON.",
            "binauthz policy render production --project acme-prod > policy.yaml",
            "binauthz policy render production --project acme-prod --attestor production-attestor --attestor production-scanned",
            "binauthz policy render staging --project acme --cluster us-central1.staging --default allow --allow us-docker.pkg.dev/acme/base/**")
    {
        environment.AcceptOnlyFromAmong("production", "staging", "development");
        others.AcceptOnlyFromAmong("allow", "deny");
        Add(environment);
        Add(project);
        Add(attestors);
        Add(clusters);
        Add(others);
        Add(allowed);
        Validators.Add(result =>
        {
            var hasClusters = result.GetValue(clusters) is { Length: > 0 };
            if (hasClusters != result.GetResult(others) is not null)
            {
                result.AddError(hasClusters ? "--cluster needs --default allow or --default deny: what holds for all other clusters." : "--default is for --cluster; without it there are no other clusters.");
            }
        });
    }

    protected override Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken cancellationToken)
    {
        var owner = arguments.GetRequiredValue(project);
        var chosen = DeploymentEnvironment.Parse(arguments.GetRequiredValue(environment));
        var named = arguments.GetValue(attestors) ?? [];
        var template = new EnvironmentPolicyTemplate(owner, Stance(chosen), named.Length == 0 ? [chosen.Attestor(owner)] : [.. named.Select(name => Attestor(name, owner))])
        {
            Clusters = arguments.GetValue(clusters) ?? [],
            OthersAreOpen = arguments.GetValue(others) == "allow",
            Allowed = [.. (arguments.GetValue(allowed) ?? []).Select(ImagePattern.Parse)],
        };
        var document = new PolicyDocument(template.Render());
        output.Result(document.ToJson(), people => people.Profile.Out.Writer.Write(document.ToYaml()));
        return Task.FromResult(ExitCode.Ok);
    }

    private static EnvironmentStance Stance(DeploymentEnvironment environment) =>
        environment == DeploymentEnvironment.Production ? EnvironmentStance.Enforced
        : environment == DeploymentEnvironment.Staging ? EnvironmentStance.DryRun
        : EnvironmentStance.Open;

    private static AttestorName Attestor(string name, string project) =>
        name.Contains('/', StringComparison.Ordinal) ? AttestorName.Parse(name) : AttestorName.Parse($"projects/{project}/attestors/{name}");
}
