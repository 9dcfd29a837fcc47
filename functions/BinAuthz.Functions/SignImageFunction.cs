using BinAuthz.Functions.Events;
using BinAuthz.Images;
using BinAuthz.Signing;
using CloudNative.CloudEvents;
using Google.Cloud.Functions.Framework;
using Microsoft.Extensions.Logging;

namespace BinAuthz.Functions;

/// <summary>Signs images on the events that say there is something to sign: a push, evidence that was awaited, or a key rotation.</summary>
internal sealed partial class SignImageFunction(ImageSigner signer, ImageResigner resigner, ImageWithdrawer withdrawer, NotifiedImages images, EventDelivery delivery, ILogger<SignImageFunction> logger)
    : ICloudEventFunction<MessagePublished>
{
    private const int WeighedAtOnce = 8;

    /// <inheritdoc />
    public Task HandleAsync(CloudEvent cloudEvent, MessagePublished data, CancellationToken cancellationToken) =>
        delivery.RunAsync(cloudEvent, data, (message, token) => HandleAsync(cloudEvent.Id ?? "", message, token), cancellationToken);

    private Task HandleAsync(string messageId, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => ImageNotification.Read(data.Span) switch
    {
        ImageNotification.Resign resign => resigner.ResignAsync(resign.Request, messageId, cancellationToken),
        ImageNotification.Withdraw withdraw => withdrawer.WithdrawAsync(withdraw.Request, messageId, cancellationToken),
        ImageNotification.Weigh weigh => WeighAsync(weigh.Request.Images, messageId, cancellationToken),
        var notification => SignAsync(notification, messageId, cancellationToken),
    };

    private async Task SignAsync(ImageNotification notification, string messageId, CancellationToken cancellationToken)
    {
        var found = await images.FindAsync(notification, cancellationToken).ConfigureAwait(false);
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

    // The next delivery finds attested what this one signs, so that one image that fails holds back no other.
    private async Task WeighAsync(IReadOnlyList<ImageReference> weighed, string messageId, CancellationToken cancellationToken)
    {
        var failures = new SigningFailures();
        var trigger = new SigningTrigger(messageId, []);
        await failures.CollectAsync(weighed.Distinct(), WeighedAtOnce, (image, token) => signer.SignAsync(image, trigger, token), cancellationToken).ConfigureAwait(false);
        failures.ThrowIfAny();
    }

    private static partial class Log
    {
        [LoggerMessage(102, LogLevel.Debug, "Message {MessageId} asks for nothing: {Reason}")]
        public static partial void Ignored(ILogger logger, string messageId, string reason);
    }
}
