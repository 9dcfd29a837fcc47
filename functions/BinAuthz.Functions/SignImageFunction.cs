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

        foreach (var outcome in await signer.SignAsync(image, found.Pushes, cancellationToken).ConfigureAwait(false))
        {
            Log.Decided(logger, messageId, image.ToString(), outcome.Attestor.ToString(), outcome.Code, outcome.Detail);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(101, LogLevel.Information, "Message {MessageId} about {Image} for {Attestor} ended {Outcome}: {Detail}")]
        public static partial void Decided(ILogger logger, string messageId, string image, string attestor, string outcome, string detail);

        [LoggerMessage(102, LogLevel.Debug, "Message {MessageId} asks for nothing: {Reason}")]
        public static partial void Ignored(ILogger logger, string messageId, string reason);
    }
}
