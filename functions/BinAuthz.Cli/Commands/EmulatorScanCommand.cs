using System.CommandLine;
using System.Text.Json.Nodes;
using BinAuthz.Cli.Emulation;
using BinAuthz.Cli.Output;
using BinAuthz.Images;
using Spectre.Console;

namespace BinAuthz.Cli.Commands;

/// <summary>Lets the emulated vulnerability scanner come to a result.</summary>
internal sealed class EmulatorScanCommand : CliCommand
{
    private readonly Argument<string> image = new("image") { Description = "LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE@sha256:DIGEST; of a multi-platform image, the digest of a platform." };
    private readonly EndpointOption endpoint = new();
    private readonly Option<string> status = new("--status") { Description = "How far the scan has come.", DefaultValueFactory = _ => "finished-success", HelpName = "status" };
    private readonly Option<string[]> vulnerabilities = new("--vulnerability") { Description = "What it found; can be given several times.", HelpName = "id:severity:fixable|unfixable" };

    public EmulatorScanCommand()
        : base(
            "scan",
            "Records how far the vulnerability scan of an image has come and what it found, which tells the signing function.",
            "binauthz emulator scan us-central1-docker.pkg.dev/acme-prod/app/server@sha256:… --endpoint http://127.0.0.1:8080",
            "binauthz emulator scan us-central1-docker.pkg.dev/acme-prod/app/server@sha256:… --status scanning",
            "binauthz emulator scan us-central1-docker.pkg.dev/acme-prod/app/server@sha256:… --status finished-success --vulnerability CVE-2026-1:CRITICAL:fixable")
    {
        status.AcceptOnlyFromAmong("pending", "scanning", "finished-success", "finished-failed", "finished-unsupported");
        Add(image);
        Add(endpoint);
        Add(status);
        Add(vulnerabilities);
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken cancellationToken)
    {
        var scanned = ImageReference.Parse(arguments.GetRequiredValue(image));
        ScannedVulnerability[] found = [.. (arguments.GetValue(vulnerabilities) ?? []).Select(Read)];
        var state = arguments.GetRequiredValue(status).Replace('-', '_').ToUpperInvariant();
        using var http = new HttpClient { BaseAddress = endpoint.Demand(arguments) };
        var occurrence = await VulnerabilityScan.RecordAsync(http, scanned.ToString(), state, found, cancellationToken).ConfigureAwait(false);
        output.Result(
            new JsonObject { ["image"] = scanned.ToString(), ["status"] = state, ["vulnerabilities"] = found.Length, ["occurrence"] = occurrence },
            people => people.WriteLine(occurrence));
        return ExitCode.Ok;
    }

    private static ScannedVulnerability Read(string text) => ScannedVulnerability.TryParse(text, out var vulnerability)
        ? vulnerability
        : throw CommandException.Usage($"--vulnerability '{text}' is no vulnerability: write ID:SEVERITY:fixable or ID:SEVERITY:unfixable, such as CVE-2026-1:CRITICAL:fixable.");
}
