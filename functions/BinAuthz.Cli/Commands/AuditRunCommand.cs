using System.CommandLine;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Archive;
using BinAuthz.Auditing.Reports;
using BinAuthz.Cli.Auditing;
using BinAuthz.Cli.Output;
using BinAuthz.GoogleCloud;
using BinAuthz.Setup;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.Cli.Commands;

/// <summary>Audits an environment and keeps the report, as the function does on its schedule.</summary>
internal sealed class AuditRunCommand : CliCommand
{
    private readonly Argument<string> environment = new("environment") { Description = "production, staging or development." };
    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Keeps no report." };
    private readonly SeverityOption failOn = new();
    private readonly AuditRequestOptions request = new();

    public AuditRunCommand()
        : base(
            "run",
            "Audits an environment: verifies every attestation, judges keys, policy, coverage, access and events, and keeps a signed report. Exit code 1: something was found at or above --fail-on, or not everything could be assessed.",
            "binauthz audit run production --project acme-prod",
            "binauthz audit run production --project acme-prod --approval approval.yaml --fail-on medium",
            "binauthz audit run staging --project acme-staging --dry-run --format sarif > audit.sarif")
    {
        environment.AcceptOnlyFromAmong("production", "staging", "development");
        Add(environment);
        Add(dryRun);
        Add(failOn);
        request.AddTo(this);
    }

    protected override IReadOnlyList<OutputFormat> Formats => AuditOutput.Formats;

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken cancellationToken)
    {
        var chosen = DeploymentEnvironment.Parse(arguments.GetRequiredValue(environment));
        var archive = request.Archive;
        var services = new ServiceCollection().AddAuditing(archive.Options(arguments), archive.Project(arguments)).BuildServiceProvider();
        await using (services.ConfigureAwait(false))
        {
            var asked = request.Read(arguments, chosen, services.GetRequiredService<TimeProvider>());
            var place = archive.Archive(arguments, services);
            var store = ReportStore.Of(place, services.GetRequiredService<KeyManagementClient>(), asked.AuditKey);
            var previous = await store.FindLatestAsync(chosen.Name, cancellationToken).ConfigureAwait(false);
            output.Progress(previous is null ? "There is no report before." : $"The report before is {previous.Link.Name}.");
            var report = await services.GetRequiredService<AttestationAuditor>().AuditAsync(asked, previous, cancellationToken).ConfigureAwait(false);
            if (!arguments.GetValue(dryRun))
            {
                var stored = await store.StoreAsync(report, cancellationToken).ConfigureAwait(false)
                    ?? throw CommandException.Infrastructure($"A later report of {chosen} was kept meanwhile, and this one was not. Run it again.");
                output.Progress($"Kept as report {stored.Link.Sequence}: {place.Place}/{stored.Link.Name}, {stored.Link.Digest}.");
                report = stored.Report;
            }

            AuditOutput.Write(output, report, name => ReportFiles.All.Single(file => file.Name == name).Write(report));
            return AuditOutput.Judge(report, failOn.Read(arguments));
        }
    }
}
