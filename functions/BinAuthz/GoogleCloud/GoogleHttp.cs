using System.Net;
using System.Text;
using Grpc.Core;

namespace BinAuthz.GoogleCloud;

/// <summary>
/// The Google APIs that are spoken over plain HTTP. Calls are retried twice when the service is not available, so they
/// must be harmless when repeated. Redirects of reads are followed, with the token to the same host only.
/// </summary>
/// <param name="http">Without redirects and timeout of its own.</param>
/// <param name="options">Where the APIs are.</param>
/// <param name="tokens">Who calls; an emulator is told by <see cref="EmulatedCaller"/>.</param>
/// <param name="time">Between attempts.</param>
internal sealed class GoogleHttp(HttpClient http, BinAuthzOptions options, GoogleTokens tokens, TimeProvider time)
{
    private const int Attempts = 3;
    private const int MaximumRedirects = 5;
    private const int LongestError = 16 * 1024;

    /// <summary>How long one attempt may take, the body included.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    /// <summary>A client as this class needs it.</summary>
    public static HttpClient CreateClient() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, MaxConnectionsPerServer = 64 }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Makes a call of whose answer only the status counts.</summary>
    /// <exception cref="GoogleCallException">It was refused or not answered.</exception>
    public Task SendAsync(HttpCall call, CancellationToken cancellationToken) => SendAsync(call, static (_, _) => Task.FromResult(true), cancellationToken);

    /// <summary>Makes a call and reads the whole answer.</summary>
    /// <param name="call">The call.</param>
    /// <param name="maximum">The most bytes that are read.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null: the answer is longer than that.</returns>
    /// <exception cref="GoogleCallException">It was refused or not answered.</exception>
    public Task<byte[]?> ReadAsync(HttpCall call, int maximum, CancellationToken cancellationToken) =>
        SendAsync(call, (response, stop) => ReadAsync(response.Content, maximum, stop), cancellationToken);

    /// <summary>Makes a call and reads the whole answer, which must not be longer than <paramref name="maximum"/> bytes.</summary>
    /// <exception cref="GoogleCallException">It was refused or not answered; OUT_OF_RANGE: the answer is longer.</exception>
    public async Task<byte[]> ReadWholeAsync(HttpCall call, int maximum, CancellationToken cancellationToken) =>
        await ReadAsync(call, maximum, cancellationToken).ConfigureAwait(false)
            ?? throw new GoogleCallException(call.Method, call.Resource, StatusCode.OutOfRange, $"The answer is longer than {maximum} bytes.");

    private async Task<T> SendAsync<T>(HttpCall call, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await SendOnceAsync(call, read, cancellationToken).ConfigureAwait(false);
            }
            catch (GoogleCallException error) when (error.IsTransient && attempt < Attempts)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200 * attempt), time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<T> SendOnceAsync<T>(HttpCall call, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(Deadline);
        try
        {
            using var response = await FollowAsync(call, limited.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                var detail = await ReadAsync(response.Content, LongestError, limited.Token).ConfigureAwait(false);
                throw new GoogleCallException(call.Method, call.Resource, StatusOf(response.StatusCode), detail is null ? $"{response.ReasonPhrase}, and a long text." : Encoding.UTF8.GetString(detail));
            }

            return await read(response, limited.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw new GoogleCallException(call.Method, call.Resource, StatusCode.Unavailable, error.Message, error);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new GoogleCallException(call.Method, call.Resource, StatusCode.DeadlineExceeded, $"No answer within {Deadline.TotalSeconds} s.", error);
        }
    }

    private async Task<HttpResponseMessage> FollowAsync(HttpCall call, CancellationToken cancellationToken)
    {
        var origin = new Uri(options.Endpoint ?? new Uri($"https://{call.Host}"), call.Path);
        var address = origin;
        for (var hops = 0; ; hops++)
        {
            using var request = new HttpRequestMessage(call.Verb, address) { Content = call.Content?.Invoke() };
            await IntroduceAsync(request, call, origin, cancellationToken).ConfigureAwait(false);
            var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            if (call.Verb != HttpMethod.Get || !IsRedirect(response.StatusCode) || response.Headers.Location is not { } location || hops == MaximumRedirects)
            {
                return response;
            }

            response.Dispose();
            address = new Uri(address, location);
            if (address.Scheme != Uri.UriSchemeHttps && address.Scheme != origin.Scheme)
            {
                throw new GoogleCallException(call.Method, call.Resource, StatusCode.FailedPrecondition, $"It was redirected to {address.GetLeftPart(UriPartial.Authority)}, which is not https.");
            }
        }
    }

    // Another host, such as a storage bucket, has its permission in the address and must not learn the token.
    private async Task IntroduceAsync(HttpRequestMessage request, HttpCall call, Uri origin, CancellationToken cancellationToken)
    {
        foreach (var type in call.Accept)
        {
            request.Headers.Accept.ParseAdd(type);
        }

        if (Uri.Compare(request.RequestUri, origin, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) != 0)
        {
            return;
        }

        if (options.Endpoint is not null)
        {
            request.Headers.Host = call.Host;
            if (EmulatedCaller.Header(options) is { } caller)
            {
                request.Headers.TryAddWithoutValidation("Authorization", caller);
            }

            return;
        }

        foreach (var (name, value) in await tokens.HeadersAsync($"https://{call.Host}/", cancellationToken).ConfigureAwait(false))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private static async Task<byte[]?> ReadAsync(HttpContent content, int maximum, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > maximum)
        {
            return null;
        }

        using var bytes = new MemoryStream((int)(content.Headers.ContentLength ?? 0));
        var body = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            var buffer = new byte[16 * 1024];
            int read;
            while ((read = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                if (bytes.Length + read > maximum)
                {
                    return null;
                }

                bytes.Write(buffer, 0, read);
            }
        }

        return bytes.ToArray();
    }

    private static bool IsRedirect(HttpStatusCode code) =>
        code is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    private static StatusCode StatusOf(HttpStatusCode code) => code switch
    {
        HttpStatusCode.BadRequest => StatusCode.InvalidArgument,
        HttpStatusCode.Unauthorized => StatusCode.Unauthenticated,
        HttpStatusCode.Forbidden => StatusCode.PermissionDenied,
        HttpStatusCode.NotFound => StatusCode.NotFound,
        HttpStatusCode.Conflict => StatusCode.AlreadyExists,
        HttpStatusCode.PreconditionFailed => StatusCode.FailedPrecondition,
        HttpStatusCode.TooManyRequests => StatusCode.ResourceExhausted,
        >= HttpStatusCode.InternalServerError => StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };
}
