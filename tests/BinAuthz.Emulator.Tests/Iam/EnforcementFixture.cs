namespace BinAuthz.Emulator.Tests.Iam;

/// <summary>An emulator that enforces IAM, with a bucket, for all tests of a class.</summary>
public sealed class EnforcementFixture : IAsyncLifetime
{
    private TestEmulator? emulator;

    internal TestEmulator Emulator => emulator ?? throw new InvalidOperationException("The fixture is not initialized.");

    public async ValueTask InitializeAsync()
    {
        emulator = await TestEmulator.StartAsync(new EmulatorOptions { Switches = new EmulatorSwitches { EnforceIam = true } });
        Assert.Equal(200, (await emulator.SendAsync(HttpMethod.Post, "/storage/v1/b?project=acme-prod", """{"name":"evidence"}""")).Status);
    }

    public async ValueTask DisposeAsync()
    {
        if (emulator is not null)
        {
            await emulator.DisposeAsync();
        }
    }
}
