using System.Net;
using System.Net.Http.Headers;

namespace BinAuthz.Cli.Oci;

/// <summary>Pushes an image by the OCI distribution API: what is missing below, then the manifests, the root last and by its tag.</summary>
/// <param name="http">Its base address is the registry's.</param>
/// <param name="archive">What is pushed.</param>
/// <param name="target">Where to.</param>
internal sealed class RegistryPush(HttpClient http, ImageArchive archive, ImageTarget target)
{
    private readonly HashSet<string> done = new(StringComparer.Ordinal);

    /// <summary>Pushes everything.</summary>
    /// <param name="progress">Told of each blob and manifest.</param>
    /// <param name="cancellationToken">Stops between two requests.</param>
    /// <exception cref="CommandException">The registry refused, or the image is damaged.</exception>
    public Task PushAsync(Action<string> progress, CancellationToken cancellationToken) => PushManifestAsync(archive.Root, target.Tag, progress, cancellationToken);

    private async Task PushManifestAsync(Descriptor manifest, string reference, Action<string> progress, CancellationToken cancellationToken)
    {
        foreach (var below in await archive.ReferencesAsync(manifest, cancellationToken).ConfigureAwait(false))
        {
            if (!done.Add(below.Digest))
            {
                continue;
            }

            if (MediaTypes.IsManifest(below.MediaType))
            {
                await PushManifestAsync(below, below.Digest, progress, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await PushBlobAsync(below, progress, cancellationToken).ConfigureAwait(false);
            }
        }

        using var content = new ByteArrayContent(await archive.ReadAsync(manifest, cancellationToken).ConfigureAwait(false));
        content.Headers.ContentType = new MediaTypeHeaderValue(manifest.MediaType);
        using var request = Request(HttpMethod.Put, $"/v2/{target.Repository}/manifests/{reference}", content);
        using var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        progress($"manifest {manifest.Digest} ({reference})");
    }

    private async Task PushBlobAsync(Descriptor blob, Action<string> progress, CancellationToken cancellationToken)
    {
        using var look = Request(HttpMethod.Head, $"/v2/{target.Repository}/blobs/{blob.Digest}");
        using var found = await http.SendAsync(look, cancellationToken).ConfigureAwait(false);
        if (found.StatusCode == HttpStatusCode.OK)
        {
            progress($"blob {blob.Digest} is there already");
            return;
        }

        await VerifyAsync(blob, cancellationToken).ConfigureAwait(false);
        using var start = Request(HttpMethod.Post, $"/v2/{target.Repository}/blobs/uploads/");
        using var started = await SendAsync(start, cancellationToken).ConfigureAwait(false);
        var location = started.Headers.Location ?? throw CommandException.Infrastructure($"The registry began an upload without a Location header. It must answer as the OCI distribution specification says.");
        var upload = new Uri(http.BaseAddress!, location).PathAndQuery;
        using var content = new StreamContent(archive.OpenBlob(blob));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var put = Request(HttpMethod.Put, $"{upload}{(upload.Contains('?', StringComparison.Ordinal) ? '&' : '?')}digest={Uri.EscapeDataString(blob.Digest)}", content);
        using var stored = await SendAsync(put, cancellationToken).ConfigureAwait(false);
        progress($"blob {blob.Digest}, {blob.Size} bytes");
    }

    private async Task VerifyAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        var content = archive.OpenBlob(blob);
        await using (content.ConfigureAwait(false))
        {
            var actual = await Digests.OfAsync(content, cancellationToken).ConfigureAwait(false);
            if (actual != blob.Digest)
            {
                throw archive.Damaged(blob, actual);
            }
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            var body = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
            var message = $"{request.Method} {request.RequestUri} for {target} was answered {(int)response.StatusCode} {response.ReasonPhrase}: {body.Trim()}";
            throw (int)response.StatusCode >= 500 || response.StatusCode == HttpStatusCode.TooManyRequests ? CommandException.Infrastructure(message) : CommandException.Usage(message);
        }
    }

    // The emulator tells registries apart by the Host header, as a proxy would.
    private HttpRequestMessage Request(HttpMethod method, string path, HttpContent? content = null) =>
        new(method, new Uri(path, UriKind.Relative)) { Content = content, Headers = { Host = target.Registry } };
}
