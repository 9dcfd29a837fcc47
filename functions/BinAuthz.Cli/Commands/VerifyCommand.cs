using System.CommandLine;
using System.Text.Json.Nodes;
using BinAuthz.Attestations;
using BinAuthz.Cli.Output;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace BinAuthz.Cli.Commands;

/// <summary>Verifies that an image has an attestation that counts, on this machine, with the attestor's keys.</summary>
internal sealed class VerifyCommand : CliCommand
{
    private readonly ImageArgument image = new();
    private readonly AttestorOptions attestors = new();
    private readonly EndpointOption endpoint = new();

    public VerifyCommand()
        : base(
            "verify",
            "Verifies the attestations of an image with the attestor's keys, as admission does. Exit code 1: there is none; 4: there are, and no signature verifies.",
            "binauthz verify us-central1-docker.pkg.dev/acme-prod/app/server:1.0",
            "binauthz verify us-central1-docker.pkg.dev/acme-prod/app/server:1.0 --attestor projects/acme-prod/attestors/production-attestor --format json")
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
            var (code, verdict) = Judge(found);
            output.Result(
                new JsonObject
                {
                    ["image"] = wanted.ToString(),
                    ["digest"] = wanted.Digest.ToString(),
                    ["attestor"] = attestor.Name.ToString(),
                    ["verdict"] = verdict,
                    ["attestations"] = new JsonArray([.. found.Select(each => each.ToJson())]),
                },
                people => Write(people, wanted, attestor, found));
            return code;
        }
    }

    /// <summary>One attestation that counts is enough, as at admission.</summary>
    internal static (int Code, string Verdict) Judge(IReadOnlyList<CheckedAttestation> found) =>
        found.Count == 0 ? (ExitCode.Refused, "unattested")
        : found.Any(each => each.IsValid) ? (ExitCode.Ok, "valid")
        : (ExitCode.InvalidSignature, "invalid");

    private static void Write(IAnsiConsole people, ImageReference image, Attestor attestor, IReadOnlyList<CheckedAttestation> found)
    {
        if (found.Count == 0)
        {
            people.WriteLine($"not attested: {image} has no attestation under {attestor.Note}. Sign it with `binauthz sign`, or see why the function did not.", new Style(Color.Red));
            return;
        }

        var valid = found.FirstOrDefault(each => each.IsValid);
        people.WriteLine(valid is null ? $"invalid: no attestation of {image} verifies with a key of {attestor.Name}" : $"valid: {image}", new Style(valid is null ? Color.Red : Color.Green));
        foreach (var each in found)
        {
            people.WriteLine(each.IsValid ? $"  {each.Attestation.Name} by {each.Keys}" : $"  {each.Attestation.Name} does not count: {each.Reason}");
        }
    }
}
