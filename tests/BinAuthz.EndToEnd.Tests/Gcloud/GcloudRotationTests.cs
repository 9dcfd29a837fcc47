using System.Globalization;
using System.Text.Json.Nodes;
using BinAuthz.Emulator;
using BinAuthz.EndToEnd.Tests.Alerting;
using BinAuthz.Keys;
using BinAuthz.Rotation;
using BinAuthz.Setup;
using BinAuthz.Signing;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.EndToEnd.Tests.Gcloud;

/// <summary>A rotation as gcloud shows it, phase by phase: the table of README's chapter on rotation.</summary>
public sealed class GcloudRotationTests : IAsyncDisposable
{
    private const string Project = "acme-prod";
    private static readonly AttestorSetup Names = DeploymentEnvironment.Production.Attestor(Project, "us-central1");
    private static readonly SigningIdentity Subject = new("production", Names.Attestor, Names.Key);

    private readonly AlertClock clock = new();
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("binauthz-gcloud-");
    private EmulatorHost? emulator;
    private ServiceProvider? services;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Describe_EachPhase_ShowsWhatReadmeSays()
    {
        ExternalTool.Require("gcloud");
        emulator = await EmulatorHost.StartAsync(new EmulatorOptions { TimeProvider = clock }, Stop);
        services = new ServiceCollection().AddSingleton<TimeProvider>(clock).AddRotation(new BinAuthzOptions { Endpoint = emulator.GrpcEndpoint }, Project).BuildServiceProvider();
        var rotator = services.GetRequiredService<KeyRotator>();
        await services.GetRequiredService<TrustSetup>().ApplyAsync(new SetupRequest(Project, DeploymentEnvironment.Production, "us-central1", SignatureAlgorithm.Default), new Progress<SetupStep>(), Stop);
        await rotator.RunAsync(Subject, Stop);

        await AssertShownAsync(["1"], ["1 ENABLED"]);

        clock.Advance(TimeSpan.FromDays(90));
        Assert.IsType<RotationStep.Propagate>((await rotator.RunAsync(Subject, Stop)).Next);
        await AssertShownAsync(["1", "2"], ["1 ENABLED", "2 ENABLED"]);

        clock.Advance(TimeSpan.FromDays(7) + TimeSpan.FromMinutes(6));
        await rotator.RunAsync(Subject, Stop);
        await AssertShownAsync(["2"], ["1 DISABLED", "2 ENABLED"]);

        clock.Advance(TimeSpan.FromDays(30));
        await rotator.RunAsync(Subject, Stop);
        Assert.Equal(["1 DESTROY_SCHEDULED", "2 ENABLED"], await VersionsAsync());

        clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal(["1 DESTROYED", "2 ENABLED"], await VersionsAsync());

        await rotator.RevokeAsync(Subject, new RevocationRequest(Names.Key.Version(2), clock.GetUtcNow(), "a laptop was stolen", "a test"), Stop);
        await AssertShownAsync(["3"], ["1 DESTROYED", "2 DISABLED", "3 ENABLED"]);
    }

    public async ValueTask DisposeAsync()
    {
        if (services is not null)
        {
            await services.DisposeAsync();
        }

        if (emulator is not null)
        {
            await emulator.DisposeAsync();
        }

        folder.Delete(recursive: true);
    }

    private async Task AssertShownAsync(string[] trusted, string[] versions)
    {
        var describing = TrustedAsync();
        var listing = VersionsAsync();

        Assert.Equal(trusted, await describing);
        Assert.Equal(versions, await listing);
    }

    private async Task<string[]> TrustedAsync()
    {
        var attestor = await GcloudAsync($"container binauthz attestors describe {Names.Attestor.Id} --format=json");
        var keys = attestor["userOwnedGrafeasNote"]!["publicKeys"]!.AsArray();
        Assert.All(keys.Skip(1), key => Assert.StartsWith("trusted since 20", (string?)key!["comment"], StringComparison.Ordinal));
        return [.. keys.Select(key => ((string)key!["id"]!)[((string)key["id"]!).LastIndexOf('/')..][1..]).Order(StringComparer.Ordinal)];
    }

    private async Task<string[]> VersionsAsync()
    {
        var versions = await GcloudAsync($"kms keys versions list --key={Names.Key.Key} --keyring={Names.Key.KeyRing} --location={Names.Key.Location} --format=json");
        return [.. versions.AsArray().Select(version => $"{KeyVersionName.Parse((string)version!["name"]!).Version.ToString(CultureInfo.InvariantCulture)} {version["state"]}").Order(StringComparer.Ordinal)];
    }

    private async Task<JsonNode> GcloudAsync(string command)
    {
        var gcloud = new GcloudClient(GcloudMode.Override, emulator!.RestEndpoint, Project, folder.FullName);
        var ended = await gcloud.RunAsync(command.Split(' '), new Dictionary<string, string>(), "", Stop);
        Assert.True(ended.ExitCode == 0, $"gcloud {command}\n{ended}");
        return JsonNode.Parse(ended.Output)!;
    }
}
