using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.Cli.Commands;

/// <summary>The library's services for one command, against Google or an emulator.</summary>
internal static class GoogleServices
{
    /// <summary>The clients.</summary>
    public static ServiceProvider Connect(Uri? endpoint) => new ServiceCollection().AddGoogleCloud(new BinAuthzOptions { Endpoint = endpoint }).BuildServiceProvider();
}
