using BinAuthz.Functions.Events;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Signing;
using CloudNative.CloudEvents;
using Google.Cloud.Functions.Framework;
using Microsoft.Extensions.Logging;

namespace BinAuthz.Functions;

/// <summary>Signs images on the events that say there is something to sign: a push, or evidence that was awaited.</summary>
internal sealed partial class SignImageFunction(ImageSigner signer, ContainerAnalysisClient analysis, EventDelivery delivery, ILogger<SignImageFunction> logger)
    : ICloudEventFunction<MessagePublished>
{
    /// <inheritdoc />
    public Task HandleAsync(CloudEvent cloudEvent, MessagePublished data, CancellationToken cancellationToken) =>
        delivery.RunAsync(cloudEvent, data, (message, token) => HandleAsync(cloudEvent.Id ?? "", message, token), cancellationToken);

    private async Task HandleAsync(string messageId, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        switch (ImageNotification.Read(data.Span))
        {
            case ImageNotification.Pushed pushed:
                await SignAsync(messageId, pushed.Image, cancellationToken).ConfigureAwait(false);
                break;
            case ImageNotification.BuildStored stored:
                await SignBuiltAsync(messageId, stored.Occurrence, cancellationToken).ConfigureAwait(false);
                break;
            case ImageNotification.Nothing nothing:
                Log.Ignored(logger, messageId, nothing.Reason);
                break;
        }
    }

    private async Task SignBuiltAsync(string messageId, string occurrence, CancellationToken cancellationToken)
    {
        var resource = await analysis.FindResourceUriAsync(occurrence, cancellationToken).ConfigureAwait(false);
        if (resource is not null && ImageReference.TryParse(resource, out var image))
        {
            await SignAsync(messageId, image, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            Log.Ignored(logger, messageId, resource is null ? $"{occurrence} is gone" : $"{resource} is no image");
        }
    }

    // How it ended is logged and published by the signer: also when one attestor of several fails.
    private async Task SignAsync(string messageId, ImageReference image, CancellationToken cancellationToken) =>
        await signer.SignAsync(image, messageId, cancellationToken).ConfigureAwait(false);

    private static partial class Log
    {
        [LoggerMessage(102, LogLevel.Debug, "Message {MessageId} asks for nothing: {Reason}")]
        public static partial void Ignored(ILogger logger, string messageId, string reason);
    }
}
