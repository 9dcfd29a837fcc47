using System.Text;
using BinAuthz.Alerting.Secrets;

namespace BinAuthz.Alerting.Channels;

/// <summary>A service that takes a POST.</summary>
/// <param name="name">The name in the alert policy.</param>
/// <param name="secrets">Reads what the service must not do without.</param>
/// <param name="http">Posts.</param>
internal abstract class HttpChannel(string name, AlertSecrets secrets, ChannelHttp http) : IAlertChannel
{
    private protected const string Json = "application/json; charset=utf-8";

    /// <summary>What a preview shows in the place of a secret.</summary>
    private protected const string Masked = "***";

    public string Name => name;

    /// <summary>The secrets that a request is made with.</summary>
    protected abstract IReadOnlyList<SecretReference> References { get; }

    public string Preview(Alert alert) => Encoding.UTF8.GetString(Body(alert, [.. References.Select(_ => Masked)]));

    public async Task SendAsync(Alert alert, CancellationToken cancellationToken)
    {
        var values = new List<string>();
        foreach (var reference in References)
        {
            values.Add(await secrets.ReadAsync(name, reference, cancellationToken).ConfigureAwait(false));
        }

        try
        {
            await http.PostAsync(name, Request(Body(alert, values), values), cancellationToken).ConfigureAwait(false);
        }
        catch (AlertChannelException error) when (!error.IsTransient)
        {
            // A secret that was replaced is read again the next time.
            foreach (var reference in References)
            {
                secrets.Forget(reference);
            }

            throw;
        }
    }

    /// <summary>What is sent.</summary>
    protected abstract byte[] Body(Alert alert, IReadOnlyList<string> values);

    /// <summary>How it is sent.</summary>
    /// <param name="body">What <see cref="Body"/> made.</param>
    /// <param name="values">The secrets in the order of <see cref="References"/>.</param>
    protected abstract ChannelRequest Request(byte[] body, IReadOnlyList<string> values);

    /// <summary>An address that stands in a secret.</summary>
    /// <exception cref="AlertChannelException">It is none that a channel posts to.</exception>
    protected Uri Address(string value) => Uri.TryCreate(value, UriKind.Absolute, out var uri) && ChannelAddress.Fault(uri) is null
        ? uri
        : throw new AlertChannelException(name, "The secret does not hold an https address. Store the address as the service shows it.", isTransient: false);
}
