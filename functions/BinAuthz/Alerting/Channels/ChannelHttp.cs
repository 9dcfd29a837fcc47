using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace BinAuthz.Alerting.Channels;

/// <summary>
/// Posts to the hosts of others: no Google token, no redirect, no proxy, no cookie, no trace header, and only to addresses that
/// <see cref="Dialler"/> allows. Errors name neither the address nor a header nor anything secret of the answer.
/// </summary>
internal sealed class ChannelHttp : IDisposable
{
    /// <summary>How much of an answer is read.</summary>
    private const int LargestAnswer = 4 * 1024;

    private readonly HttpClient http;
    private readonly Delivery delivery;
    private readonly TimeProvider time;

    /// <param name="dialler">Connects.</param>
    /// <param name="limits">How long it is tried.</param>
    /// <param name="time">Between attempts.</param>
    public ChannelHttp(Dialler dialler, DeliveryLimits limits, TimeProvider time)
    {
        this.time = time;
        delivery = new Delivery(limits, time);
        http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxResponseHeadersLength = 16,
            // Without a propagator there is no trace of the request either, which would hold its address.
            ActivityHeadersPropagator = null,
            ConnectCallback = async (context, stop) =>
            {
                var encrypted = context.InitialRequestMessage.RequestUri?.Scheme == Uri.UriSchemeHttps;
                return new NetworkStream(await dialler.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, encrypted, stop).ConfigureAwait(false), ownsSocket: true);
            },
        })
        { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Posts, a few times if need be.</summary>
    /// <exception cref="AlertChannelException">It was not taken.</exception>
    public Task PostAsync(string channel, ChannelRequest request, CancellationToken cancellationToken) =>
        request.Headers.Any(header => header.Value.Any(character => character is < ' ' or > '~'))
            ? throw new AlertChannelException(channel, "A secret has a character that no header can hold. Store it as the service shows it, in one line.", isTransient: false)
            : delivery.RunAsync(channel, stop => PostOnceAsync(channel, request, stop), cancellationToken);

    public void Dispose() => http.Dispose();

    private async Task PostOnceAsync(string channel, ChannelRequest request, CancellationToken cancellationToken)
    {
        try
        {
            using var message = Message(request);
            using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                throw Refused(channel, response, await ReadAsync(response.Content, cancellationToken).ConfigureAwait(false), request.Secrets);
            }
        }
        catch (HttpRequestException error)
        {
            // Its text may name the host, and what it wraps the address: neither goes along.
            throw Failed(channel, error);
        }
        catch (IOException)
        {
            throw new AlertChannelException(channel, "The connection broke before the answer was complete.", isTransient: true);
        }
    }

    private static HttpRequestMessage Message(ChannelRequest request)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, request.Address) { Content = new ByteArrayContent(request.Body) };
        message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(request.ContentType);
        message.Headers.UserAgent.ParseAdd("binauthz-alerts");
        foreach (var (name, value) in request.Headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }

    private AlertChannelException Refused(string channel, HttpResponseMessage response, byte[]? answer, IReadOnlyList<string> secrets)
    {
        var code = (int)response.StatusCode;
        var transient = response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout || code >= 500;
        var reason = code is >= 300 and < 400
            ? $"It answered {code}, a redirect, which is never followed. Write the address that it leads to, if you trust it."
            : $"It answered {code}{ServiceAnswer.Describe(answer, secrets)}";
        return new AlertChannelException(channel, reason, transient) { RetryAfter = transient ? RetryAfter(response) : null };
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var asked = response.Headers.RetryAfter?.Delta ?? (response.Headers.RetryAfter?.Date is { } date ? date - time.GetUtcNow() : null);
        return asked < TimeSpan.Zero ? TimeSpan.Zero : asked;
    }

    private static AlertChannelException Failed(string channel, HttpRequestException error)
    {
        if (error.InnerException is AddressRefusedException refused)
        {
            return new AlertChannelException(channel, refused.Message, isTransient: false);
        }

        var (reason, transient) = error.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => ("The name of its host cannot be resolved.", true),
            HttpRequestError.SecureConnectionError => ("No TLS connection can be made; the certificate of its host is not valid for it or not trusted.", false),
            HttpRequestError.ConnectionError => ("It cannot be connected to.", true),
            HttpRequestError.ResponseEnded => ("The connection broke before the answer was complete.", true),
            var other => ($"It did not answer as HTTP has it ({other}).", true),
        };
        return new AlertChannelException(channel, reason, transient);
    }

    // Null: there is more than is read.
    private static async Task<byte[]?> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var buffer = new byte[LargestAnswer + 1];
        var body = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            var read = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return read > LargestAnswer ? null : buffer[..read];
        }
    }
}
