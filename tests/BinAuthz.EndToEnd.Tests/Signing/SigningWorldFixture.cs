namespace BinAuthz.EndToEnd.Tests.Signing;

/// <summary>One <see cref="SigningWorld"/> for all tests of a class, which run one after the other and each push an image of their own.</summary>
public sealed class SigningWorldFixture : IAsyncLifetime
{
    private SigningWorld? world;

    internal SigningWorld World => world ?? throw new InvalidOperationException("The fixture is not initialized.");

    public async ValueTask InitializeAsync() => world = await SigningWorld.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (world is not null)
        {
            await world.DisposeAsync();
        }
    }
}
