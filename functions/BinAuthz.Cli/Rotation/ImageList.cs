using System.Text.Json.Nodes;
using BinAuthz.Rotation;
using Spectre.Console;

namespace BinAuthz.Cli.Rotation;

/// <summary>Images that a revocation touches, for people and programs.</summary>
internal static class ImageList
{
    // A screen's worth; programs get all.
    private const int Shown = 20;

    /// <summary>All of them.</summary>
    public static JsonArray ToJson(IEnumerable<AffectedImage> images) => new([.. images.Select(image => new JsonObject
    {
        ["image"] = image.Image.ToString(),
        ["keyVersion"] = image.Version.ToString(),
        ["attested"] = Rfc3339.Write(image.Attested),
        ["predatesCompromise"] = image.PredatesCompromise,
        ["weighed"] = image.WasWeighed,
        ["running"] = image.IsRunning,
    })]);

    /// <summary>A heading and the first of them, or nothing if there are none.</summary>
    public static void Write(IAnsiConsole people, string heading, IReadOnlyList<AffectedImage> images)
    {
        if (images.Count == 0)
        {
            return;
        }

        people.WriteLine($"{heading}: {images.Count}");
        foreach (var image in images.Take(Shown))
        {
            people.WriteLine($"  {image.Image} attested {Rfc3339.Write(image.Attested)} by version {image.Version.Version}{(image.IsRunning ? ", running" : "")}{(image.WasWeighed ? ", refused since" : "")}");
        }

        if (images.Count > Shown)
        {
            people.WriteLine($"  and {images.Count - Shown} more; --format json has all");
        }
    }
}
