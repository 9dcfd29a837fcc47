using BinAuthz.Emulator;
using BinAuthz.GoogleCloud;
using BinAuthz.Setup;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.EndToEnd.Tests.Permissions;

/// <summary>All that an identity does, once: a run throws when anything of it was not done.</summary>
internal abstract class FunctionScenario : IAsyncDisposable
{
    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Whose work it is, such as <c>signer</c>.</summary>
    public abstract string Identity { get; }

    public abstract EmulatorHost Emulator { get; }

    /// <summary>The names of the environment in which the next run is.</summary>
    public abstract AccessNames Names { get; }

    /// <summary>Prepares a run, as the operator.</summary>
    public abstract Task PrepareAsync();

    /// <summary>Does the work, as the identity.</summary>
    public abstract Task RunAsync();

    public abstract ValueTask DisposeAsync();

    /// <summary>What Cloud Run does before a function starts: it reads the mounted secrets as the function's identity.</summary>
    protected static Task MountAsync(IServiceProvider services, string secret)
    {
        Assert.True(SecretVersionName.TryParse($"{secret}/versions/latest", out var version));
        return services.GetRequiredService<SecretManagerClient>().AccessAsync(version, Stop);
    }

    /// <summary>Makes a secret with a version.</summary>
    protected static async Task MakeSecretAsync(HttpClient http, string secret)
    {
        var (parent, id) = (secret[..secret.LastIndexOf('/')], secret[(secret.LastIndexOf('/') + 1)..]);
        using var made = await http.PostAsync(new Uri($"/v1/{parent}?secretId={id}", UriKind.Relative), new StringContent("""{"replication":{"automatic":{}}}"""), Stop);
        made.EnsureSuccessStatusCode();
        using var added = await http.PostAsync(new Uri($"/v1/{secret}:addVersion", UriKind.Relative), new StringContent("""{"payload":{"data":"YQ=="}}"""), Stop);
        added.EnsureSuccessStatusCode();
    }
}
