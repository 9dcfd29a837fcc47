using System.CommandLine;
using BinAuthz.Admission;
using BinAuthz.Checking;
using BinAuthz.Cli.Approval;
using BinAuthz.Cli.Checking;
using BinAuthz.Cli.Output;
using BinAuthz.GoogleCloud;
using Microsoft.Extensions.DependencyInjection;
using Ca = Grafeas.V1;

namespace BinAuthz.Cli.Commands;

/// <summary>Tells before deploying what Binary Authorization will say of manifests.</summary>
internal sealed class CheckCommand : CliCommand
{
    private readonly Option<string[]> files = new("--file", "-f") { Description = "Manifests: files, folders (every .yaml, .yml and .json in them), or - for stdin.", HelpName = "path", Arity = ArgumentArity.OneOrMore, Required = true, AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> project = new("--project") { Description = "The project of the cluster, whose policy counts. Not needed with --policy.", HelpName = "id" };
    private readonly ClusterOption cluster = new("Where the manifests go. Needed when the policy has rules for clusters.");
    private readonly Option<string> defaultNamespace = new("--namespace") { Description = "Of objects that name none.", DefaultValueFactory = _ => "default", HelpName = "name" };
    private readonly Option<string?> policy = new("--policy") { Description = "A policy as gcloud exports it (YAML or JSON), instead of the project's.", HelpName = "file" };
    private readonly Option<string?> systemPolicy = new("--system-policy") { Description = "Google's system policy as gcloud exports it, instead of asking for it.", HelpName = "file" };
    private readonly Option<bool> offline = new("--offline") { Description = "Asks nobody: everything comes from files." };
    private readonly Option<string[]> attestors = Evidence("--attestors", "With --offline: what `gcloud container binauthz attestors list --format=json` printed.");
    private readonly Option<string[]> attestations = Evidence("--attestations", "With --offline: the occurrences, as the API or gcloud prints them in JSON.");
    private readonly EndpointOption endpoint = new();

    public CheckCommand()
        : base(
            "check",
            "Tells for every image of manifests whether Binary Authorization admits it, by which rule, why not, and what mends it. --format sarif is for code scanning. Exit code 1: something would be blocked; 2: something cannot be read.",
            "binauthz check -f k8s/ --project acme-prod --cluster us-central1.acme-prod-gke",
            "kubectl kustomize overlays/production | binauthz check -f - --project acme-prod",
            "binauthz check -f k8s/ --policy policy.yaml --project acme-prod --format sarif",
            "binauthz check -f k8s/ --offline --policy policy.yaml --attestors attestors.json --attestations occurrences.json --system-policy system-policy.yaml")
    {
        foreach (var option in new Option[] { files, project, cluster, defaultNamespace, policy, systemPolicy, offline, attestors, attestations, endpoint })
        {
            Add(option);
        }
    }

    protected override IReadOnlyList<OutputFormat> Formats => [OutputFormat.Text, OutputFormat.Json, OutputFormat.Sarif];

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken cancellationToken)
    {
        CheckOptions(arguments);
        var manifests = ManifestFiles.Read(arguments.GetRequiredValue(files), Console.In, arguments.GetRequiredValue(defaultNamespace));
        var report = arguments.GetValue(offline)
            ? await CheckOfflineAsync(arguments, manifests, cancellationToken).ConfigureAwait(false)
            : await CheckAsync(arguments, manifests, cancellationToken).ConfigureAwait(false);
        output.Result(output.Format == OutputFormat.Sarif ? SarifReport.Of(report) : report.ToJson(), people => CheckText.Write(people, report));
        output.Progress(report.Summary);
        return report.Code;
    }

    private void CheckOptions(ParseResult arguments)
    {
        var isOffline = arguments.GetValue(offline);
        if (isOffline && arguments.GetValue(policy) is null)
        {
            throw CommandException.Usage("--offline asks nobody for the policy. Save `gcloud container binauthz policy export` and name it with --policy.");
        }

        if (!isOffline && arguments.GetRequiredValue(attestors).Concat(arguments.GetRequiredValue(attestations)).Any())
        {
            throw CommandException.Usage("--attestors and --attestations are for --offline. Add it, or leave them out.");
        }

        if (!isOffline && arguments.GetValue(policy) is null && arguments.GetValue(project) is null)
        {
            throw CommandException.Usage("Whose policy? Give --project, or --policy with an exported one.");
        }
    }

    private async Task<CheckReport> CheckAsync(ParseResult arguments, WorkloadReading manifests, CancellationToken cancellationToken)
    {
        var services = GoogleServices.Connect(arguments.GetValue(endpoint));
        await using (services.ConfigureAwait(false))
        {
            var google = services.GetRequiredService<AdmissionEvidenceReader>();
            var sources = await ReadSourcesAsync(arguments, google, cancellationToken).ConfigureAwait(false);
            var where = arguments.GetValue(cluster);
            var needs = AdmissionNeeds.Of(sources.Policy, sources.SystemPatterns, manifests.Workloads, where);
            return sources.Judge(manifests, where, await google.ReadAsync(needs, cancellationToken).ConfigureAwait(false));
        }
    }

    private async Task<CheckReport> CheckOfflineAsync(ParseResult arguments, WorkloadReading manifests, CancellationToken cancellationToken)
    {
        var sources = await ReadSourcesAsync(arguments, google: null, cancellationToken).ConfigureAwait(false);
        var evidence = new AdmissionEvidence(
            arguments.GetRequiredValue(attestors).SelectMany(EvidenceFiles.Attestors),
            arguments.GetRequiredValue(attestations).SelectMany(EvidenceFiles.Occurrences).Where(occurrence => occurrence.Kind == Ca.NoteKind.Attestation && occurrence.Attestation is not null).Select(OccurrenceMapping.Attestation));
        return sources.Judge(manifests, arguments.GetValue(cluster), evidence);
    }

    private async Task<CheckSources> ReadSourcesAsync(ParseResult arguments, AdmissionEvidenceReader? google, CancellationToken cancellationToken)
    {
        var sources = await new CheckSourceReader(google)
            .ReadAsync(arguments.GetValue(policy), arguments.GetValue(project), arguments.GetValue(systemPolicy), arguments.GetValue(cluster), cancellationToken).ConfigureAwait(false);
        sources.DemandCluster(arguments.GetValue(cluster));
        return sources;
    }

    private static Option<string[]> Evidence(string name, string description) =>
        new(name) { Description = description, HelpName = "file", Arity = ArgumentArity.ZeroOrMore, AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
}
