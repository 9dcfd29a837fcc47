using System.Collections.Concurrent;
using System.Text;
using BinAuthz.GoogleCloud;

namespace BinAuthz.Alerting.Secrets;

/// <summary>Reads the secrets of channels. Those of Secret Manager are remembered for some minutes.</summary>
internal sealed class AlertSecrets(SecretManagerClient manager, TimeProvider time)
{
    /// <summary>How long a secret is remembered, unless a service refuses it.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private readonly ConcurrentDictionary<SecretReference.Managed, Remembered<string>> remembered = new();

    /// <summary>The text of a secret, without the line break that files end with.</summary>
    /// <param name="channel">Whose secret it is, for errors.</param>
    /// <param name="reference">Where it is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AlertChannelException">It cannot be read, or is empty.</exception>
    public async Task<string> ReadAsync(string channel, SecretReference reference, CancellationToken cancellationToken)
    {
        var text = reference switch
        {
            SecretReference.Managed managed => await AccessAsync(channel, managed, cancellationToken).ConfigureAwait(false),
            SecretReference.Variable variable => Environment.GetEnvironmentVariable(variable.Name) ?? "",
            _ => throw new InvalidOperationException($"Nobody reads {reference}."),
        };
        return text.TrimEnd('\r', '\n') is { Length: > 0 } secret
            ? secret
            : throw new AlertChannelException(channel, $"The secret {reference} is empty or not set. Set it to the value that the service gave.", isTransient: false);
    }

    /// <summary>Makes the next reader read again: a service has refused it.</summary>
    public void Forget(SecretReference reference)
    {
        if (reference is SecretReference.Managed managed && remembered.TryGetValue(managed, out var known))
        {
            known.Forget();
        }
    }

    private async Task<string> AccessAsync(string channel, SecretReference.Managed managed, CancellationToken cancellationToken)
    {
        try
        {
            // The call has a deadline of its own; whoever waits shares it.
            return await remembered.GetOrAdd(managed, _ => new Remembered<string>(Lifetime, time))
                .GetAsync(async _ => Strict.GetString(await manager.AccessAsync(managed.Version, CancellationToken.None).ConfigureAwait(false)), cancellationToken).ConfigureAwait(false);
        }
        catch (GoogleCallException error)
        {
            throw new AlertChannelException(channel, error.Message, error.IsTransient, error);
        }
        catch (CorruptedInTransitException error)
        {
            throw new AlertChannelException(channel, error.Message, isTransient: true, error);
        }
        catch (ArgumentException)
        {
            throw new AlertChannelException(channel, $"The secret {managed} is not UTF-8 text. Store the value that the service gave as text.", isTransient: false);
        }
    }
}
