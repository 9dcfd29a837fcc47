using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace BinAuthz.Emulator.ArtifactRegistry;

/// <summary>
/// Takes the notifications of a CNCF Distribution registry and records what was pushed there as images of Artifact
/// Registry. Manifests and configurations are fetched from the registry that the event names; layers stay there.
/// </summary>
internal sealed class RegistryEvents(ImageStore images, BlobStore blobs) : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>Answers a notification: 200 with what was done, 502 when the registry cannot be reached, so that it sends the events again.</summary>
    public async Task<IResult> ReceiveAsync(string registry, HttpRequest request, CancellationToken cancellationToken)
    {
        List<string> recorded = [];
        List<string> refused = [];
        try
        {
            var notification = await JsonSerializer.DeserializeAsync<Notification>(request.Body, Json, cancellationToken).ConfigureAwait(false);
            foreach (var registryEvent in notification?.Events ?? [])
            {
                if (ImageLocation.Of(registry, registryEvent.Target?.Repository ?? "") is not { } image)
                {
                    refused.Add($"{registryEvent.Id}: \"{registryEvent.Target?.Repository}\" is not PROJECT/REPOSITORY/IMAGE.");
                    continue;
                }

                var problem = await ApplyAsync(image, registryEvent, recorded, cancellationToken).ConfigureAwait(false);
                refused.AddRange(problem is null ? [] : [$"{registryEvent.Id}: {problem}"]);
            }

            return Results.Json(new { recorded, refused });
        }
        catch (JsonException error)
        {
            return Results.Json(new { error = $"The body is not a notification of CNCF Distribution: {error.Message}" }, statusCode: StatusCodes.Status400BadRequest);
        }
        catch (HttpRequestException error)
        {
            return Results.Json(new { error = $"The registry that sent the event did not answer: {error.Message}" }, statusCode: StatusCodes.Status502BadGateway);
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<string?> ApplyAsync(ImageLocation image, Event registryEvent, List<string> recorded, CancellationToken cancellationToken)
    {
        var target = registryEvent.Target!;
        switch (registryEvent.Action)
        {
            case "push" when Manifest.MediaTypes.Contains(target.MediaType):
                return Uri.TryCreate(target.Url, UriKind.Absolute, out var url)
                    ? await RecordAsync(image, target, url, recorded, cancellationToken).ConfigureAwait(false)
                    : $"\"{target.Url}\" is not an address.";
            case "delete" when target.Digest is { } digest:
                images.DeleteVersion(image, digest);
                return null;
            case "delete" when target.Tag is { } tag:
                images.DeleteTag(image, tag);
                return null;
            default:
                // Pulls, mounts and pushed blobs change nothing that Artifact Registry would tell.
                return null;
        }
    }

    private async Task<string?> RecordAsync(ImageLocation image, Target target, Uri url, List<string> recorded, CancellationToken cancellationToken)
    {
        var (manifest, problem) = await FetchManifestAsync(url, target.Digest ?? "", cancellationToken).ConfigureAwait(false);
        if (manifest is null)
        {
            return problem;
        }

        foreach (var child in manifest.Children.Where(child => images.Find(image, child.Digest!) is null))
        {
            var childTarget = new Target(child.MediaType, child.Digest, target.Repository, null, null);
            if (await RecordAsync(image, childTarget, new Uri(url, "./" + child.Digest), recorded, cancellationToken).ConfigureAwait(false) is { } childProblem)
            {
                return childProblem;
            }
        }

        if (manifest.Config?.Digest is { } config && blobs.Find(config) is null && await FetchAsync(new Uri(url, $"../blobs/{config}"), cancellationToken).ConfigureAwait(false) is { } content)
        {
            using var stream = new MemoryStream(content.Bytes);
            await blobs.PutAsync(config, stream, cancellationToken).ConfigureAwait(false);
        }

        images.Put(image, target.Tag, manifest);
        recorded.Add(target.Tag is null ? $"{image.Reference}@{manifest.Digest}" : $"{image.Reference}:{target.Tag}@{manifest.Digest}");
        return null;
    }

    private async Task<(Manifest? Manifest, string Problem)> FetchManifestAsync(Uri url, string digest, CancellationToken cancellationToken)
    {
        if (await FetchAsync(url, cancellationToken).ConfigureAwait(false) is not { } content)
        {
            return (null, $"{url} is not there any more.");
        }

        var manifest = Manifest.Read(content.Bytes, content.MediaType, out var problem);
        return manifest is not null && manifest.Digest != digest ? (null, $"{url} has the digest {manifest.Digest}, not {digest}.") : (manifest, problem);
    }

    private async Task<Fetched?> FetchAsync(Uri url, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        foreach (var type in Manifest.MediaTypes)
        {
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
        }

        using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        response.EnsureSuccessStatusCode();
        return new Fetched(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false), response.Content.Headers.ContentType?.MediaType);
    }

    private sealed record Fetched(byte[] Bytes, string? MediaType);

    private sealed record Notification(IReadOnlyList<Event>? Events);

    private sealed record Event(string? Id, string? Action, Target? Target);

    private sealed record Target(string? MediaType, string? Digest, string? Repository, string? Url, string? Tag);
}
