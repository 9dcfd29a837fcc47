using System.Net;
using BinAuthz.Auditing.Archive;
using BinAuthz.Cli;
using BinAuthz.EndToEnd.Tests.Cli;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;

namespace BinAuthz.EndToEnd.Tests.Auditing;

/// <summary><c>binauthz audit run</c>, and the reports it keeps.</summary>
public sealed class AuditRunTests
{
    [Fact]
    public async Task Run_ByHand_KeepsAChainOfReportsThatNobodyCanChange()
    {
        await using var world = await AuditWorld.StartAsync();
        string[] environment = ["--project", AuditWorld.Project];
        string[] run = ["audit", "run", "production", .. environment];

        var (tried, seen) = await CommandLine.RunAsync(Endpoint(world), [.. run, "--dry-run", "--fail-on", "high"]);
        Assert.Equal((ExitCode.Ok, "production"), (tried, (string?)seen["environment"]));
        Assert.Empty(await ReportsAsync(world));

        Assert.Equal(ExitCode.Ok, (await CommandLine.RunAsync(Endpoint(world), [.. run, "--fail-on", "high"])).Code);
        // Reports are named by the second.
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
        await world.PlantAsync(world.Image.ResourceUri + "-other", "{}"u8.ToArray(), (world.Version.PublicKeyId, new byte[64]));
        var (refused, second) = await CommandLine.RunAsync(Endpoint(world), [.. run, "--fail-on", "low"]);

        Assert.Equal(ExitCode.Refused, refused);
        var reports = await ReportsAsync(world);
        Assert.Equal(2, reports.Length);
        Assert.Equal(ImageDigest.Of(await ReadAsync(world, reports[0].Replace("report.json", ReportName.StatementFile, StringComparison.Ordinal))).ToString(), (string?)second["previous"]!["digest"]);
        var (whole, _) = await CommandLine.RunAsync(Endpoint(world), ["audit", "verify-chain", "--environment", "production", .. environment]);
        Assert.Equal(ExitCode.Ok, whole);
        foreach (var report in reports)
        {
            using var deleted = await world.Signing.Http.DeleteAsync(new Uri($"storage/v1/b/{Bucket(world)}/o/{Uri.EscapeDataString(report)}", UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Forbidden, deleted.StatusCode);
        }
    }

    private static string Endpoint(AuditWorld world) => world.Signing.Emulator.GrpcEndpoint.ToString();

    private static string Bucket(AuditWorld world) => world.Get<EvidenceBucket>().Name;

    private static Task<byte[]> ReadAsync(AuditWorld world, string name) => world.Get<StorageClient>().ReadAsync(Bucket(world), name, TestContext.Current.CancellationToken);

    private static async Task<string[]> ReportsAsync(AuditWorld world) =>
        [.. (await world.Get<StorageClient>().ListAsync(Bucket(world), "audits/production/", TestContext.Current.CancellationToken)).Where(name => name.EndsWith("/report.json", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
}
