using System.Text.Json;
using System.Text.Json.Nodes;
using BinAuthz.Attestations;
using BinAuthz.Cli.Commands;
using BinAuthz.Cli.Emulation;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Signing;
using Google.Protobuf;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using PubSub = Google.Cloud.PubSub.V1;

namespace BinAuthz.Cli.Demo;

/// <summary>The main job on one machine, told line by line. Every line is the result of a call to the emulator, the function or openssl.</summary>
internal sealed class DemoStory(EmulatedEnvironment running, ServiceProvider services, DemoReport report, FunctionLog log, DirectoryInfo scratch) : IDisposable
{
    private const string Repository = "us-central1-docker.pkg.dev/acme-prod/app/server";
    private static readonly BuildSource Source = new("https://github.com/acme/app", "refs/heads/main", "84a516841ba77a5b4648de2cd0dfcb30ea46dbb4");

    private readonly HttpClient http = new() { BaseAddress = running.Emulator.RestEndpoint };
    private readonly ContainerAnalysisClient analysis = services.GetRequiredService<ContainerAnalysisClient>();
    private readonly BinaryAuthorizationClient authorization = services.GetRequiredService<BinaryAuthorizationClient>();

    /// <summary>The approval policy of the story.</summary>
    public const string ApprovalPolicy = """
        environment: production
        attestor: projects/acme-prod/attestors/production-attestor
        rules:
          repositories:
            - us-central1-docker.pkg.dev/acme-prod/app/**
          provenance:
            builders:
              - https://cloudbuild.googleapis.com/GoogleHostedWorker
            sources:
              - https://github.com/acme/**
            keys:
              - kms: projects/verified-builder/locations/global/keyRings/attestor/cryptoKeys/google-hosted-worker/cryptoKeyVersions/1

        """;

    /// <summary>Tells it.</summary>
    public async Task TellAsync(CancellationToken cancellationToken)
    {
        var images = new DemoImages(http, scratch.FullName);
        var attestor = await authorization.FindAttestorAsync(running.Request.Attestor, cancellationToken).ConfigureAwait(false)
            ?? throw CommandException.Infrastructure($"The emulator has no {running.Request.Attestor} after its setup.");
        report.Chapter("An environment of its own");
        report.Line(attestor.Keys.Count == 1, $"{attestor.Name} trusts {string.Join(", ", attestor.Keys.Select(key => key.Id))}");

        var built = await BuiltImageIsSignedAsync(images, attestor, cancellationToken).ConfigureAwait(false);
        await AttestationIsVerifiedAsync(built, attestor, cancellationToken).ConfigureAwait(false);
        await HandPushedImageIsNotAsync(images, attestor, cancellationToken).ConfigureAwait(false);
        await SameEventAgainAsync(built, attestor, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => http.Dispose();

    private async Task<ImageReference> BuiltImageIsSignedAsync(DemoImages images, Attestor attestor, CancellationToken cancellationToken)
    {
        report.Chapter("An image that the trusted builder built");
        var image = ImageReference.Parse($"{Repository}@{images.Make("built", "built by Cloud Build").Digest}");
        await images.BuildAsync(image, Source, cancellationToken).ConfigureAwait(false);
        var project = running.Request.Project;
        var provenance = await analysis.ListProvenanceAsync(project, image, cancellationToken).ConfigureAwait(false);
        report.Line(provenance.Count == 1, $"Cloud Build recorded {string.Join(", ", provenance.Select(each => each.OccurrenceName))}, signed, for {image.Digest}");

        var started = TimeProvider.System.GetTimestamp();
        await images.PushAsync("built", $"{Repository}:1.0", cancellationToken).ConfigureAwait(false);
        report.Line(await RegistryHasAsync(image, cancellationToken).ConfigureAwait(false), $"pushed {Repository}:1.0 over the registry's API; the registry published the event on the topic gcr");

        var signed = await log.WaitAsync(image.Digest.ToString(), "signed", times: 1, cancellationToken).ConfigureAwait(false);
        var elapsed = TimeProvider.System.GetElapsedTime(started);
        var stored = await analysis.ListAttestationsAsync(attestor.Note, [image.Digest], cancellationToken).ConfigureAwait(false);
        report.Line(signed && stored.Count == 1, $"the function took the event and stored {string.Join(", ", stored.Select(each => each.Name))}, {elapsed.TotalMilliseconds:F0} ms after the push began");
        return image;
    }

    private async Task AttestationIsVerifiedAsync(ImageReference image, Attestor attestor, CancellationToken cancellationToken)
    {
        report.Chapter("Three verifiers that know nothing of each other");
        if (await CheckedAttestation.ReadAsync(analysis, attestor, image.Digest, cancellationToken).ConfigureAwait(false) is not [var found, ..])
        {
            report.Line(false, "there is no attestation to verify");
            return;
        }

        report.Line(found.IsValid, $"binauthz: {(found.IsValid ? $"valid, by {found.Keys}" : found.Reason)}");
        var refusal = await authorization.RefusalAsync(attestor.Name, found.Attestation, cancellationToken).ConfigureAwait(false);
        report.Line(refusal is null, $"Binary Authorization's validateAttestationOccurrence: {refusal ?? "VERIFIED"}");
        if (await OpenSsl.VerifyAsync(found.Attestation, attestor.Keys[0].Pem ?? "", scratch.FullName, cancellationToken).ConfigureAwait(false) is { } openssl)
        {
            report.Line(openssl.ExitCode == 0, $"openssl, over the stored payload: {openssl.Output}");
        }
        else
        {
            report.Skipped("openssl is not installed");
        }
    }

    private async Task HandPushedImageIsNotAsync(DemoImages images, Attestor attestor, CancellationToken cancellationToken)
    {
        report.Chapter("An image that somebody pushed by hand");
        var image = ImageReference.Parse($"{Repository}@{images.Make("by-hand", "built on a laptop").Digest}");
        await images.PushAsync("by-hand", $"{Repository}:by-hand", cancellationToken).ConfigureAwait(false);
        var decided = await log.WaitAsync(image.Digest.ToString(), "not_ready", times: 1, cancellationToken).ConfigureAwait(false);
        report.Line(decided, $"the function took the event for {image.Digest} and did not sign");
        var outcome = (await services.GetRequiredService<ImageSigner>().SignAsync(image, cancellationToken).ConfigureAwait(false))[0];
        var why = outcome is SigningOutcome.NotReady waiting ? string.Join(" ", waiting.Rules.Where(rule => rule.Reason.Length > 0 && rule.Remedy.Length > 0).Select(rule => rule.Reason)) : "";
        report.Line(why.Length > 0, $"binauthz sign answers {outcome.Code}: {why}");
        var stored = await analysis.ListAttestationsAsync(attestor.Note, [image.Digest], cancellationToken).ConfigureAwait(false);
        report.Line(stored.Count == 0, $"attestations stored for it: {stored.Count}");
    }

    private async Task SameEventAgainAsync(ImageReference image, Attestor attestor, CancellationToken cancellationToken)
    {
        report.Chapter("The same event once more");
        // Provenance and push were one event each; whatever they still did would be counted below.
        var settled = await log.WaitAsync(image.Digest.ToString(), "", times: 2, cancellationToken).ConfigureAwait(false);
        var before = (Signed: running.Emulator.Requests.Count("/AsymmetricSign"), Stored: running.Emulator.Requests.Count("/CreateOccurrence"));
        var message = await PublishAsync(image, cancellationToken).ConfigureAwait(false);
        var handled = await log.WaitAsync($"Message {message} ", "already_signed", times: 1, cancellationToken).ConfigureAwait(false);
        report.Line(settled && handled, $"the function took message {message} and found the image signed already");
        var signed = running.Emulator.Requests.Count("/AsymmetricSign") - before.Signed;
        var stored = running.Emulator.Requests.Count("/CreateOccurrence") - before.Stored;
        report.Line(signed == 0 && stored == 0, $"KMS counted {signed} new signatures, Container Analysis {stored} new occurrences");
        var all = await analysis.ListAttestationsAsync(attestor.Note, [image.Digest], cancellationToken).ConfigureAwait(false);
        report.Line(all.Count == 1, $"attestations stored for {image.Digest}: {all.Count}");
    }

    private async Task<bool> RegistryHasAsync(ImageReference image, CancellationToken cancellationToken) =>
        RepositoryPath.TryParse(image.Name, out var repository)
        && await services.GetRequiredService<ArtifactRegistryClient>().FindAsync(repository, image.Digest, cancellationToken).ConfigureAwait(false) is not null;

    private async Task<string> PublishAsync(ImageReference image, CancellationToken cancellationToken)
    {
        using var channel = GrpcChannel.ForAddress(running.Emulator.GrpcEndpoint);
        var notification = new JsonObject { ["action"] = "INSERT", ["digest"] = image.ToString(), ["tag"] = $"{Repository}:1.0" };
        var request = new PubSub.PublishRequest
        {
            Topic = $"projects/{running.Request.Project}/topics/gcr",
            Messages = { new PubSub.PubsubMessage { Data = ByteString.CopyFrom(JsonSerializer.SerializeToUtf8Bytes(notification)) } },
        };
        var published = await new PubSub.Publisher.PublisherClient(channel).PublishAsync(request, cancellationToken: cancellationToken).ConfigureAwait(false);
        return published.MessageIds[0];
    }
}
