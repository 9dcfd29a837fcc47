using Google.Cloud.BinaryAuthorization.V1;
using Microsoft.Extensions.Time.Testing;
using Service = Google.Cloud.BinaryAuthorization.V1.BinauthzManagementServiceV1.BinauthzManagementServiceV1Client;

namespace BinAuthz.Emulator.Tests.Cluster;

/// <summary>The switch <c>attestorPropagation</c>.</summary>
public sealed class AttestorPropagationTests
{
    private static readonly TimeSpan Propagation = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Create_KeyRemoved_IsAdmittedUntilTheChangeHasPropagated()
    {
        var time = ClusterEmulator.NewTime();
        await using var emulator = await StartAsync(time);
        using var cluster = await AttestedAsync(emulator, time);
        await ChangeAsync(emulator, cluster, attestor => attestor.UserOwnedGrafeasNote.PublicKeys.Clear());

        time.Advance(Propagation - TimeSpan.FromSeconds(1));
        var (early, _) = await cluster.RunAsync(ClusterFixture.WebImage, "early");
        time.Advance(TimeSpan.FromSeconds(1));
        var (late, _) = await cluster.RunAsync(ClusterFixture.WebImage, "late");

        Assert.Equal((201, 403), (early, late));
    }

    [Fact]
    public async Task Create_KeyAdded_IsDeniedUntilTheChangeHasPropagated()
    {
        var time = ClusterEmulator.NewTime();
        await using var emulator = await StartAsync(time);
        using var cluster = await AttestedAsync(emulator, time);
        var keys = (await GetAsync(emulator, cluster)).UserOwnedGrafeasNote.PublicKeys.Clone();
        await ChangeAsync(emulator, cluster, attestor => attestor.UserOwnedGrafeasNote.PublicKeys.Clear());
        time.Advance(TimeSpan.FromHours(2));
        await ChangeAsync(emulator, cluster, attestor => attestor.UserOwnedGrafeasNote.PublicKeys.Add(keys));

        var seen = await GetAsync(emulator, cluster);
        var (early, _) = await cluster.RunAsync(ClusterFixture.WebImage, "early");
        time.Advance(Propagation);
        var (late, _) = await cluster.RunAsync(ClusterFixture.WebImage, "late");

        Assert.Equal((1, 403, 201), (seen.UserOwnedGrafeasNote.PublicKeys.Count, early, late));
    }

    [Fact]
    public async Task Create_AttestorIsYoungerThanThePropagation_JudgesByItsOldestState()
    {
        var time = ClusterEmulator.NewTime();
        await using var emulator = await StartAsync(time);
        using var cluster = await AttestedAsync(emulator, time);

        var (status, _) = await cluster.RunAsync(ClusterFixture.WebImage);

        Assert.Equal(201, status);
    }

    [Fact]
    public async Task Create_AttestorDeleted_IsAdmittedUntilTheChangeHasPropagated()
    {
        var time = ClusterEmulator.NewTime();
        await using var emulator = await StartAsync(time);
        using var cluster = await AttestedAsync(emulator, time);
        await new Service(emulator.Channel).DeleteAttestorAsync(new DeleteAttestorRequest { Name = cluster.Attestor }, cancellationToken: TestEmulator.Stop);

        var (early, _) = await cluster.RunAsync(ClusterFixture.WebImage, "early");
        time.Advance(Propagation);
        var (late, _) = await cluster.RunAsync(ClusterFixture.WebImage, "late");

        Assert.Equal((201, 403), (early, late));
    }

    [Fact]
    public async Task Create_KnownOnlyFromAnEarlierRun_JudgesByTheStateBeforeTheChange()
    {
        var folder = Directory.CreateTempSubdirectory("emulator-attestors-");
        var time = ClusterEmulator.NewTime();
        await using (var first = await StartAsync(time, folder.FullName))
        {
            using var cluster = await AttestedAsync(first, time);
        }

        await using var second = await StartAsync(time, folder.FullName);
        using var again = await ClusterFixture.CreateAsync(second, time, "acme-prod", policy: null);
        await ChangeAsync(second, again, attestor => attestor.UserOwnedGrafeasNote.PublicKeys.Clear());

        var (early, _) = await again.RunAsync(ClusterFixture.WebImage, "early");
        time.Advance(Propagation);
        var (late, _) = await again.RunAsync(ClusterFixture.WebImage, "late");

        folder.Delete(recursive: true);
        Assert.Equal((201, 403), (early, late));
    }

    private static async Task<TestEmulator> StartAsync(TimeProvider time, string? folder = null)
    {
        var emulator = await TestEmulator.StartAsync(new EmulatorOptions { TimeProvider = time, DataDirectory = folder });
        emulator.Host.Switches.AttestorPropagation = Propagation;
        return emulator;
    }

    private static async Task<ClusterFixture> AttestedAsync(TestEmulator emulator, FakeTimeProvider time)
    {
        var cluster = await ClusterFixture.CreateAsync(emulator, time, "acme-prod", ClusterFixture.Require);
        await cluster.AttestAsync(ClusterFixture.WebImage);
        return cluster;
    }

    private static async Task<Attestor> GetAsync(TestEmulator emulator, ClusterFixture cluster) =>
        await new Service(emulator.Channel).GetAttestorAsync(new GetAttestorRequest { Name = cluster.Attestor }, cancellationToken: TestEmulator.Stop);

    private static async Task ChangeAsync(TestEmulator emulator, ClusterFixture cluster, Action<Attestor> change)
    {
        var attestor = await GetAsync(emulator, cluster);
        change(attestor);
        await new Service(emulator.Channel).UpdateAttestorAsync(new UpdateAttestorRequest { Attestor = attestor }, cancellationToken: TestEmulator.Stop);
    }
}
