using Microsoft.Extensions.Time.Testing;

namespace BinAuthz.Emulator.Tests.Cluster;

/// <summary>An emulator for the tests of a class, whose clock stands still until it is moved; every test has a project of its own.</summary>
public sealed class ClusterEmulator : IAsyncLifetime
{
    private int projects;
    private TestEmulator? emulator;

    public FakeTimeProvider Time { get; } = NewTime();

    /// <summary>A clock as the emulator's.</summary>
    public static FakeTimeProvider NewTime() => new(new DateTimeOffset(2026, 10, 1, 9, 0, 0, 123, TimeSpan.Zero));

    public async ValueTask InitializeAsync() => emulator = await TestEmulator.StartAsync(new EmulatorOptions { TimeProvider = Time });

    /// <summary>A new cluster in a new project.</summary>
    public Task<ClusterFixture> StartAsync(string? policy = null) => ClusterFixture.CreateAsync(emulator!, Time, $"acme-{Interlocked.Increment(ref projects)}", policy);

    public ValueTask DisposeAsync() => emulator?.DisposeAsync() ?? ValueTask.CompletedTask;
}
