using System.CommandLine;
using System.Text.Json.Nodes;
using BinAuthz.Cli.Output;
using BinAuthz.GoogleCloud;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace BinAuthz.Cli.Commands;

/// <summary>Lists every attestation of an image under the attestor's note, valid or not.</summary>
internal sealed class AttestationsListCommand : CliCommand
{
    private readonly ImageArgument image = new();
    private readonly AttestorOptions attestors = new();
    private readonly EndpointOption endpoint = new();

    public AttestationsListCommand()
        : base(
            "list",
            "Lists the attestations of an image under the attestor's note, and whether each counts.",
            "binauthz attestations list us-central1-docker.pkg.dev/acme-prod/app/server:1.0",
            "binauthz attestations list us-central1-docker.pkg.dev/acme-prod/app/server:1.0 --environment staging --format json")
    {
        Add(image);
        attestors.AddTo(this);
        Add(endpoint);
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken cancellationToken)
    {
        var services = GoogleServices.Connect(arguments.GetValue(endpoint));
        await using (services.ConfigureAwait(false))
        {
            var wanted = await image.ResolveAsync(arguments, services.GetRequiredService<ArtifactRegistryClient>(), output, cancellationToken).ConfigureAwait(false);
            var attestor = await attestors.FindAsync(arguments, wanted, services.GetRequiredService<BinaryAuthorizationClient>(), cancellationToken).ConfigureAwait(false);
            var found = await CheckedAttestation.ReadAsync(services.GetRequiredService<ContainerAnalysisClient>(), attestor, wanted.Digest, cancellationToken).ConfigureAwait(false);
            output.Result(
                new JsonObject
                {
                    ["image"] = wanted.ToString(),
                    ["digest"] = wanted.Digest.ToString(),
                    ["attestor"] = attestor.Name.ToString(),
                    ["note"] = attestor.Note.ToString(),
                    ["attestations"] = new JsonArray([.. found.Select(each => each.ToJson())]),
                },
                people => Write(people, found));
            return ExitCode.Ok;
        }
    }

    private static void Write(IAnsiConsole people, IReadOnlyList<CheckedAttestation> found)
    {
        if (found.Count == 0)
        {
            people.WriteLine("No attestations.");
            return;
        }

        var table = new Table { Border = TableBorder.Minimal };
        table.AddColumns("attestation", "stored", "counts", "signed by", "why not");
        foreach (var each in found)
        {
            table.AddRow(new Text(each.Attestation.Name), new Text(each.Stored), new Text(each.IsValid ? "yes" : "no"), new Text(each.Keys), new Text(each.Reason));
        }

        people.Write(table);
    }
}
