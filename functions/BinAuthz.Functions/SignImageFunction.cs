using BinAuthz.Functions.Events;
using BinAuthz.Signing;
using CloudNative.CloudEvents;
using Google.Cloud.Functions.Framework;
using Microsoft.Extensions.Logging;

namespace BinAuthz.Functions;

/// <summary>Signs images on the events that say there is something to sign: a push, or evidence that was awaited.</summary>
internal sealed partial class SignImageFunction(ImageSigner signer, NotifiedImages images, EventDelivery delivery, ILogger<SignImageFunction> logger)
    : ICloudEventFunction<MessagePublished>
{
    /// <inheritdoc />
    public Task HandleAsync(CloudEvent cloudEvent, MessagePublished data, CancellationToken cancellationToken) =>
        delivery.RunAsync(cloudEvent, data, (message, token) => HandleAsync(cloudEvent.Id ?? "", message, token), cancellationToken);

    private async Task HandleAsync(string messageId, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        var found = await images.FindAsync(ImageNotification.Read(data.Span), cancellationToken).ConfigureAwait(false);
        if (found.Image is not { } image)
        {
            Log.Ignored(logger, messageId, found.Reason);
            return;
        }

        // How it ended is logged and published by the signer: also when one attestor of several fails.
        var trigger = new SigningTrigger(messageId, found.Pushes);
        var signing = signer.SignAsync(image, trigger, cancellationToken);
        var indexes = images.FindIndexesAsync(found, cancellationToken);
        await Task.WhenAll(signing, indexes).ConfigureAwait(false);
        await Task.WhenAll((await indexes.ConfigureAwait(false)).Select(index => signer.SignAsync(index, trigger, cancellationToken))).ConfigureAwait(false);
    }

    private static partial class Log
    {
        [LoggerMessage(102, LogLevel.Debug, "Message {MessageId} asks for nothing: {Reason}")]
        public static partial void Ignored(ILogger logger, string messageId, string reason);
    }
}
