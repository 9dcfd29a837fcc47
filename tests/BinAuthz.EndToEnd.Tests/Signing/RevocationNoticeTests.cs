using BinAuthz.Denials;
using BinAuthz.GoogleCloud;
using BinAuthz.Rotation;
using BinAuthz.Signing;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.EndToEnd.Tests.Signing;

/// <summary>What people are told of a revocation: the log entry that the sink of alerts takes.</summary>
public sealed class RevocationNoticeTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Revoke_AttestedImage_IsFoundByTheSinkWithWhatStaysBlocked()
    {
        await using var world = await SigningWorld.StartAsync();
        await world.SignAsync(await world.PushBuiltAsync());

        var report = await RevokeAsync(world);

        Assert.Empty(report.Warnings);
        var (entries, _, _) = await world.Get<LoggingClient>().ListEntriesAsync(SigningWorld.Project, LogFilters.All.Single(filter => filter.Id == "key-revoked").Filter, DateTimeOffset.UnixEpoch, Stop);
        var finding = Assert.Single(LogEntryReader.Read(Assert.Single(entries)).Findings);
        Assert.Equal((FindingKind.TrustChange, "an operator", new TrustChange(TrustChangeKind.KeyRevoked, world.Key.Version(1).ToString(), "KeyRevoked") { Consequence = "0 images wait for approval anew, 1 stay blocked, and 0 of them run now." }), (finding.Kind, finding.Principal, finding.Change));
        Assert.Equal([world.Attestor], finding.Attestors);
    }

    [Fact]
    public async Task Revoke_LoggingRefuses_RevokesAndSaysThatNobodyWasAlerted()
    {
        await using var world = await SigningWorld.StartAsync();
        world.Emulator.Faults.FailNext("WriteLogEntries", StatusCode.PermissionDenied);

        var report = await RevokeAsync(world);

        Assert.Contains("Nobody was alerted", Assert.Single(report.Warnings), StringComparison.Ordinal);
        Assert.False(report.State.IsTrusted(world.Key.Version(1)));
    }

    private static async Task<RotationReport> RevokeAsync(SigningWorld world)
    {
        await using var services = new ServiceCollection().AddRotation(world.NewOptions(TimeSpan.Zero, "rotator"), SigningWorld.Project).BuildServiceProvider();
        var request = new RevocationRequest(world.Key.Version(1), new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), "a laptop was stolen", "an operator");
        return await services.GetRequiredService<KeyRotator>().RevokeAsync(new SigningIdentity("production", world.Attestor, world.Key), request, Stop);
    }
}
