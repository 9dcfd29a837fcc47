using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using BinAuthz.Attestations;
using BinAuthz.Cli.Emulation;
using BinAuthz.Cli.Oci;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Setup;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.EndToEnd.Tests.Signing;

/// <summary>A scan that takes its time, told by events alone: the deployed function on the emulator's topics, no timer anywhere.</summary>
public sealed class ApprovalStoryTests : IDisposable
{
    private const string Project = "acme-prod";
    private const string Repository = "us-central1-docker.pkg.dev/acme-prod/app/server";

    private static readonly string Policy = $"""
        environment: production
        attestor: projects/acme-prod/attestors/production-attestor
        rules:
          repositories: [us-central1-docker.pkg.dev/acme-prod/app/**]
          provenance: none
          vulnerabilities:
            maximumFixable: MEDIUM
            maximumUnfixable: MEDIUM
            maxAge: 30d
            allow:
              - id: CVE-2026-1111
                reason: allowed until yesterday
                expires: {Day(-1)}
              - id: CVE-2026-2222
                reason: allowed until tomorrow
                expires: {Day(1)}
        """;

    private readonly DirectoryInfo scratch = Directory.CreateTempSubdirectory("binauthz-story-");

    public void Dispose() => scratch.Delete(recursive: true);

    [Fact]
    public async Task Scan_FinishingAfterThePush_DecidesWithoutATimer()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var approval = Path.Combine(scratch.FullName, "approval.yaml");
        await File.WriteAllTextAsync(approval, Policy, cancellation);
        var log = new LineLog();
        var request = new EmulatedEnvironmentRequest(Project, DeploymentEnvironment.Production, approval, "us-central1") { Access = WorldAccess.Plan };
        await using var environment = await EmulatedEnvironment.StartAsync(request, log.Add, cancellation);
        using var http = new HttpClient { BaseAddress = environment.Emulator.RestEndpoint };

        // Pushed before the scan has finished: acknowledged, nothing signed.
        var clean = await PushAsync(http, "clean");
        Assert.True(await EndedAsync(log, clean, "not_ready"));
        await ScanAsync(http, clean, "SCANNING");
        await ScanAsync(http, clean, "FINISHED_SUCCESS");
        Assert.True(await EndedAsync(log, clean, "signed"));
        Assert.Single(await AttestationsAsync(environment, clean));

        var critical = await PushAsync(http, "critical");
        await ScanAsync(http, critical, "FINISHED_SUCCESS", ("CVE-2026-9999", "CRITICAL"));
        Assert.True(await EndedAsync(log, critical, "rejected"));
        Assert.Contains(log.Lines, line => line.Contains(critical.ToString(), StringComparison.Ordinal) && line.Contains("CVE-2026-9999", StringComparison.Ordinal));

        var expired = await PushAsync(http, "expired");
        await ScanAsync(http, expired, "FINISHED_SUCCESS", ("CVE-2026-1111", "CRITICAL"));
        Assert.True(await EndedAsync(log, expired, "rejected"));

        var excepted = await PushAsync(http, "excepted");
        await ScanAsync(http, excepted, "FINISHED_SUCCESS", ("CVE-2026-2222", "CRITICAL"));
        Assert.True(await EndedAsync(log, excepted, "signed"));
        Assert.Single(await AttestationsAsync(environment, excepted));

        // An index waits for the scans of its platforms, which are announced for the platforms alone.
        var (index, platforms) = await PushIndexAsync(http, "index");
        Assert.True(await EndedAsync(log, index, "not_ready"));
        await ScanAsync(http, platforms[0], "FINISHED_SUCCESS");
        Assert.True(await EndedAsync(log, platforms[0], "signed"));
        Assert.Empty(await AttestationsAsync(environment, index));
        await ScanAsync(http, platforms[1], "FINISHED_SUCCESS");
        Assert.True(await EndedAsync(log, index, "signed"));
        Assert.Equal(3, (await AttestationsAsync(environment, [index, .. platforms])).Select(attestation => attestation.ResourceUri).Distinct().Count());

        Assert.Empty(await AttestationsAsync(environment, critical, expired));
        Assert.DoesNotContain(log.Lines, line => line.Contains("left for redelivery", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AuditEntry_ArrivingAfterThePush_SignsForBothAttestors()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var approval = Path.Combine(scratch.FullName, "approval.yaml");
        await File.WriteAllTextAsync(approval, PushedPolicy, cancellation);
        var log = new LineLog();
        await using var environment = await EmulatedEnvironment.StartAsync(
            new EmulatedEnvironmentRequest(Project, DeploymentEnvironment.Production, approval, "us-central1") { Access = WorldAccess.Plan }, log.Add, cancellation);
        environment.Emulator.Access.Bind($"projects/{Project}", "roles/artifactregistry.writer", ["serviceAccount:ci@acme-prod.iam.gserviceaccount.com"]);
        using var http = new HttpClient { BaseAddress = environment.Emulator.RestEndpoint };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "ci@acme-prod.iam.gserviceaccount.com");

        var image = await PushAsync(http, "by-ci");

        foreach (var attestor in new[] { "production-attestor", "production-pushed" })
        {
            Assert.True(await Eventually.HoldsAsync(
                () => Task.FromResult(log.Lines.Any(line => line.Contains($"about {image} for projects/acme-prod/attestors/{attestor} ended signed", StringComparison.Ordinal))),
                TimeSpan.FromSeconds(30),
                TimeSpan.FromMilliseconds(50),
                cancellation));
        }
    }

    private const string PushedPolicy = """
        environment: production
        attestors:
          - attestor: projects/acme-prod/attestors/production-attestor
            key: projects/acme-prod/locations/us-central1/keyRings/production-binauthz/cryptoKeys/attestor-key
            rules:
              repositories: [us-central1-docker.pkg.dev/acme-prod/app/**]
              provenance: none
          - attestor: projects/acme-prod/attestors/production-pushed
            key: projects/acme-prod/locations/us-central1/keyRings/production-binauthz/cryptoKeys/production-pushed-key
            rules:
              repositories: none
              provenance: none
              pushedBy: [ci@acme-prod.iam.gserviceaccount.com]
        """;

    private async Task<ImageReference> PushAsync(HttpClient http, string name)
    {
        var layout = scratch.CreateSubdirectory(name);
        return await PushAsync(http, name, layout, new ImageMaker(layout.FullName).MakeImage(name));
    }

    private async Task<(ImageReference Index, ImageReference[] Platforms)> PushIndexAsync(HttpClient http, string name)
    {
        var layout = scratch.CreateSubdirectory(name);
        var index = await PushAsync(http, name, layout, new ImageMaker(layout.FullName).MakeMultiPlatformImage(name));
        var manifests = JsonNode.Parse(await File.ReadAllBytesAsync(Path.Combine(layout.FullName, "blobs", "sha256", index.Digest.Hex), TestContext.Current.CancellationToken))!["manifests"]!;
        var platforms = manifests.AsArray().Where(manifest => (string?)manifest!["platform"]!["architecture"] != "unknown");
        return (index, [.. platforms.Select(manifest => index.WithDigest(ImageDigest.Parse((string)manifest!["digest"]!)))]);
    }

    private static async Task<ImageReference> PushAsync(HttpClient http, string name, DirectoryInfo layout, Descriptor root)
    {
        var target = ImageTarget.Parse($"{Repository}:{name}");
        using var archive = await ImageArchive.OpenAsync(layout.FullName, target.Tag, TestContext.Current.CancellationToken);
        await new RegistryPush(http, archive, target).PushAsync(_ => { }, TestContext.Current.CancellationToken);
        return ImageReference.Parse($"{target.Name}@{root.Digest}");
    }

    private static Task<string> ScanAsync(HttpClient http, ImageReference image, string status, params (string Id, string Severity)[] found) =>
        VulnerabilityScan.RecordAsync(http, image.ToString(), status, found.Select(each => new ScannedVulnerability(each.Id, each.Severity, true)), TestContext.Current.CancellationToken);

    private static Task<bool> EndedAsync(LineLog log, ImageReference image, string outcome) =>
        Eventually.HoldsAsync(
            () => Task.FromResult(log.Lines.Any(line => line.Contains($"about {image} for", StringComparison.Ordinal) && line.Contains($" ended {outcome}", StringComparison.Ordinal))),
            TimeSpan.FromSeconds(30),
            TimeSpan.FromMilliseconds(50),
            TestContext.Current.CancellationToken);

    private static async Task<IReadOnlyList<Attestation>> AttestationsAsync(EmulatedEnvironment environment, params ImageReference[] images)
    {
        await using var services = new ServiceCollection().AddGoogleCloud(new BinAuthzOptions { Endpoint = environment.Emulator.GrpcEndpoint }).BuildServiceProvider();
        return await services.GetRequiredService<ContainerAnalysisClient>().ListAttestationsAsync(
            DeploymentEnvironment.Production.Note(Project), [.. images.Select(image => image.Digest)], TestContext.Current.CancellationToken);
    }

    private static string Day(int fromToday) => TimeProvider.System.GetUtcNow().AddDays(fromToday).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
