using System.Text.Json;
using BinAuthz.Emulator.PubSub;

namespace BinAuthz.Emulator.ArtifactRegistry;

/// <summary>Tells the topic <c>gcr</c> of the project what happens to images, as Artifact Registry does.</summary>
internal sealed class ImageNotifications(IMessageBus bus)
{
    private static readonly Dictionary<string, string> NoAttributes = [];

    public void Inserted(ImageLocation image, string digest, string? tag) => Publish(image, "INSERT", digest, tag);

    public void VersionDeleted(ImageLocation image, string digest) => Publish(image, "DELETE", digest, tag: null);

    public void TagDeleted(ImageLocation image, string tag) => Publish(image, "DELETE", digest: null, tag);

    private void Publish(ImageLocation image, string action, string? digest, string? tag)
    {
        var notification = new Dictionary<string, string> { ["action"] = action };
        if (digest is not null)
        {
            notification["digest"] = $"{image.Reference}@{digest}";
        }

        if (tag is not null)
        {
            notification["tag"] = $"{image.Reference}:{tag}";
        }

        bus.Publish($"projects/{image.Project}/topics/gcr", JsonSerializer.SerializeToUtf8Bytes(notification), NoAttributes);
    }
}
