using System.Text;
using BinAuthz.Auditing.Archive;
using BinAuthz.Auditing.Reports;
using BinAuthz.Emulator;
using BinAuthz.GoogleCloud;
using BinAuthz.Keys;
using BinAuthz.Setup;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.Tests.Auditing.Archive;

/// <summary>Reports in a bucket with retention, signed by a Cloud KMS key, on the emulator.</summary>
public sealed class KmsReportTests : IAsyncLifetime
{
    private const string Project = "acme-prod";

    private EmulatorHost emulator = null!;
    private ServiceProvider services = null!;

    private static CancellationToken Stop => ChainWorld.Stop;

    private static EvidenceBucket Bucket => EvidenceBucket.Default(Project);

    private static KeyName Key => DeploymentEnvironment.Production.AuditKey(Project, "us-central1");

    private KeyManagementClient Kms => services.GetRequiredService<KeyManagementClient>();

    private StorageClient Storage => services.GetRequiredService<StorageClient>();

    private BucketArchive Archive => new(Storage, Bucket);

    public async ValueTask InitializeAsync()
    {
        emulator = await EmulatorHost.StartAsync(new EmulatorOptions(), Stop);
        services = new ServiceCollection().AddGoogleCloud(new BinAuthzOptions { Endpoint = emulator.GrpcEndpoint }).BuildServiceProvider();
        await services.GetRequiredService<TrustSetup>().ApplyAsync(new SetupRequest(Project, DeploymentEnvironment.Production, "us-central1", SignatureAlgorithm.Default), new Progress<SetupStep>(), Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await emulator.DisposeAsync();
    }

    [Fact]
    public async Task StoreAsync_BucketWithRetention_KeepsAChainThatOutlivesItsKeys()
    {
        // 1. Two reports, signed by two versions of the key.
        var store = ReportStore.Of(Archive, Kms, Key);
        var first = await store.StoreAsync(ChainWorld.Report(1), Stop);
        await Kms.CreateVersionAsync(Key, SignatureAlgorithm.Parse("rsa-sign-pss-2048-sha256"), Stop);
        while ((await Kms.ListEnabledVersionsAsync(Key, Stop)).Count < 2)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Stop);
        }

        var second = await store.StoreAsync(ChainWorld.Report(2) with { Previous = first!.Link }, Stop);
        var keys = new KmsAuditKeys(Kms, Key);
        var verdict = await new ChainVerifier(Archive, keys).VerifyAsync("production", new ExpectedHead(second!.Link.Digest, 2), Stop);
        Assert.Empty(verdict.Faults);
        Assert.Equal([Key.Version(1).PublicKeyId, Key.Version(2).PublicKeyId], verdict.Reports.Select(report => report.KeyId));

        // 2. Nobody deletes or overwrites them.
        using var http = new HttpClient { BaseAddress = emulator.RestEndpoint };
        var address = $"b/{Bucket.Name}/o";
        var name = ChainWorld.Name(1).File(ReportFiles.Json);
        using var deleted = await http.DeleteAsync(new Uri($"/storage/v1/{address}/{Uri.EscapeDataString(name)}", UriKind.Relative), Stop);
        using var overwritten = await http.PostAsync(new Uri($"/upload/storage/v1/{address}?uploadType=media&name={Uri.EscapeDataString(name)}", UriKind.Relative), new StringContent("{}"), Stop);
        Assert.Equal((403, 403), ((int)deleted.StatusCode, (int)overwritten.StatusCode));
        Assert.False(await Archive.CreateAsync(name, "{}"u8.ToArray(), "application/json", Stop));

        // 3. A version is gone a year later: Cloud KMS knows no key of it any more, and an auditor who kept its PEM does.
        var pem = Encoding.UTF8.GetString((await Archive.FindAsync("audits/production/keys/audit-key-1.pem", Stop))!);
        Assert.Equal((await Kms.GetPublicKeyAsync(Key.Version(1), Stop)).Pem, pem);
        await Kms.DisableAsync(Key.Version(1), Stop);
        var later = await new ChainVerifier(Archive, new KmsAuditKeys(Kms, Key)).VerifyAsync("production", null, Stop);
        Assert.Equal(ChainFaultKind.UnknownKey, Assert.Single(later.Faults).Kind);
        var kept = await new ChainVerifier(Archive, new PemAuditKeys([pem, (await Kms.GetPublicKeyAsync(Key.Version(2), Stop)).Pem])).VerifyAsync("production", null, Stop);
        Assert.Empty(kept.Faults);
    }

    [Fact]
    public async Task SignAsync_NoEnabledVersion_SaysWhatHelps()
    {
        await Kms.DisableAsync(Key.Version(1), Stop);

        var error = await Assert.ThrowsAsync<BinAuthz.Auditing.AuditException>(() => ReportStore.Of(Archive, Kms, Key).StoreAsync(ChainWorld.Report(1), Stop));

        Assert.Contains("gcloud kms keys versions create --key=audit-key --keyring=production-binauthz", error.Message, StringComparison.Ordinal);
        Assert.Null(await Archive.FindAsync(ChainWorld.Name(1).Statement, Stop));
    }

    [Theory]
    [InlineData("//cloudkms.googleapis.com/v1/projects/acme-prod/locations/us-central1/keyRings/production-binauthz/cryptoKeys/audit-key/cryptoKeyVersions/9")]
    [InlineData("//cloudkms.googleapis.com/v1/projects/acme-prod/locations/us-central1/keyRings/production-binauthz/cryptoKeys/attestor-key/cryptoKeyVersions/1")]
    [InlineData("projects/acme-prod/locations/us-central1/keyRings/production-binauthz/cryptoKeys/audit-key/cryptoKeyVersions/1")]
    [InlineData("")]
    public async Task FindAsync_NotAVersionOfTheAuditKey_IsUnknown(string keyId) => Assert.Empty(await new KmsAuditKeys(Kms, Key).FindAsync(keyId, Stop));

    [Fact]
    public async Task EnsureBucketAsync_BucketIsThere_ExtendsRetentionAndNeverShortensIt()
    {
        var year = SetupRequest.DefaultRetention;
        var made = await Storage.FindBucketAsync(Bucket.Name, Stop);
        Assert.Equal((year, false, false), (made!.Retention, made.IsRetentionLocked, made.KeepsVersions));

        Assert.False(await Storage.EnsureBucketAsync(Project, Bucket.Name, "us-central1", year, Stop));
        Assert.False(await Storage.EnsureBucketAsync(Project, Bucket.Name, "us-central1", TimeSpan.FromDays(1), Stop));
        Assert.False(await Storage.EnsureBucketAsync(Project, Bucket.Name, "us-central1", null, Stop));
        Assert.Equal(year, (await Storage.FindBucketAsync(Bucket.Name, Stop))!.Retention);
        Assert.True(await Storage.EnsureBucketAsync(Project, Bucket.Name, "us-central1", 2 * year, Stop));
        Assert.Equal(2 * year, (await Storage.FindBucketAsync(Bucket.Name, Stop))!.Retention);

        Assert.Null(await Storage.FindBucketAsync("acme-none", Stop));
        Assert.True(await Storage.EnsureBucketAsync(Project, "acme-plain", "us-central1", null, Stop));
        Assert.Null((await Storage.FindBucketAsync("acme-plain", Stop))!.Retention);
        Assert.True(await Storage.EnsureBucketAsync(Project, "acme-plain", "us-central1", year, Stop));
    }
}
