using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace BinAuthz.Cli.Emulation;

/// <summary>The emulated Cloud Build: it records, signed, from which source an image was built.</summary>
internal static class CloudBuild
{
    /// <summary>Records the provenance of an image.</summary>
    /// <param name="http">Its base address is the emulator's.</param>
    /// <param name="image">With its digest.</param>
    /// <param name="source">What it was built from.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CommandException">The emulator refused.</exception>
    public static async Task RecordAsync(HttpClient http, string image, BuildSource source, CancellationToken cancellationToken)
    {
        var build = new JsonObject { ["image"] = image, ["sourceUri"] = source.Uri, ["ref"] = source.Ref, ["commit"] = source.Commit, ["trigger"] = source.Trigger };
        using var content = JsonContent.Create(build);
        using var response = await http.PostAsync(new Uri("/emulator/v1/builds", UriKind.Relative), content, cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            var body = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
            throw CommandException.Usage($"The emulator recorded no build of {image}: {(int)response.StatusCode} {body}. Builds can be recorded only where `binauthz emulator up` runs.");
        }
    }
}
