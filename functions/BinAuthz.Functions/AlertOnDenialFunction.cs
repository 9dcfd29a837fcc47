using BinAuthz.Alerting;
using BinAuthz.Functions.Events;
using CloudNative.CloudEvents;
using Google.Cloud.Functions.Framework;
using Microsoft.Extensions.Logging;

namespace BinAuthz.Functions;

/// <summary>Tells people what was denied, or got past the gate: from the log entries of a sink or of Eventarc. Each minute a scheduler's message has it do what is due.</summary>
internal sealed partial class AlertOnDenialFunction(DenialAlerter alerter, EventDelivery delivery, ILogger<AlertOnDenialFunction> logger) : ICloudEventFunction<MessagePublished>
{
    /// <inheritdoc />
    public Task HandleAsync(CloudEvent cloudEvent, MessagePublished data, CancellationToken cancellationToken) =>
        delivery.RunAsync(cloudEvent, data, (message, token) => HandleAsync(cloudEvent.Id ?? "", message, token), cancellationToken);

    private Task HandleAsync(string messageId, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        var notification = DenialNotification.Read(data.Span);
        if (notification.IsSweep)
        {
            return alerter.SweepAsync(cancellationToken);
        }

        if (notification.Entry.Findings.Count == 0)
        {
            Log.Ignored(logger, messageId, notification.Entry.Ignored);
        }

        return alerter.AlertAsync(notification.Entry.Findings, messageId, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(205, LogLevel.Debug, "Message {MessageId} tells of nothing: {Reason}")]
        public static partial void Ignored(ILogger logger, string messageId, string reason);
    }
}
