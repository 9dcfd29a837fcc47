using System.Globalization;
using BinAuthz.GoogleCloud;
using Microsoft.Extensions.Logging;

namespace BinAuthz.Alerting;

/// <summary>Sends alerts: to the topic, and to each channel on its own.</summary>
internal sealed partial class AlertDispatcher(PublisherClient publisher, AlertPolicy policy, IReadOnlyList<IAlertChannel> channels, ILogger<AlertDispatcher> logger, TimeProvider time)
{
    /// <summary>How long a channel may take, with everything that it tries again.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>The type of the events on the topic.</summary>
    public const string EventType = "binauthz.alert.v1";

    /// <summary>Publishes an alert as a CloudEvent in binary mode (docs: cloudevents/spec, pubsub-protocol-binding), with attributes to filter subscriptions by.</summary>
    /// <exception cref="GoogleCallException">The topic did not take it.</exception>
    public async Task PublishAsync(Alert alert, CancellationToken cancellationToken)
    {
        var attributes = new Dictionary<string, string>
        {
            ["Content-Type"] = "application/json",
            ["ce-specversion"] = "1.0",
            ["ce-id"] = alert.Id,
            ["ce-source"] = $"/projects/{policy.Project}/environments/{Uri.EscapeDataString(alert.Environment)}",
            ["ce-type"] = EventType,
            ["ce-time"] = Rfc3339.Write(alert.Until),
            ["kind"] = AlertNames.Of(alert.Kind),
            ["severity"] = AlertNames.Of(alert.Severity),
            ["environment"] = alert.Environment,
            ["stage"] = AlertNames.Of(alert.Stage),
        };
        if (alert.Cause is { } cause)
        {
            attributes["cause"] = cause.ToString();
        }

        await publisher.PublishAsync(AlertsTopic.Of(policy.Project, alert.Environment), AlertJson.Write(alert), attributes, cancellationToken).ConfigureAwait(false);
        Log.Told(logger, alert.Id, alert.Severity, alert.Title, alert.Count);
    }

    /// <summary>Sends an alert to a channel. Whatever goes wrong there stays there.</summary>
    /// <returns>Whether it took it.</returns>
    public async Task<bool> SendAsync(string channel, Alert alert, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Deadline, time);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await channels.First(each => each.Name == channel).SendAsync(alert, limited.Token).WaitAsync(limited.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            Log.NotTaken(logger, channel, alert.Id, string.Create(CultureInfo.InvariantCulture, $"It did not answer within {Deadline.TotalSeconds} s."));
            return false;
        }
        catch (AlertChannelException error) when (!error.IsTransient)
        {
            Log.Refused(logger, channel, alert.Id, error.Message);
            return false;
        }
        // A mistake in one channel must not silence the others.
        catch (Exception error)
        {
            Log.NotTaken(logger, channel, alert.Id, $"{error.GetType().Name}: {error.Message}");
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(201, LogLevel.Information, "Alert {AlertId} ({Severity}) was published: {Title} ({Count} log entries)")]
        public static partial void Told(ILogger logger, string alertId, AlertSeverity severity, string title, int count);

        [LoggerMessage(202, LogLevel.Warning, "ChannelFailed: channel '{Channel}' did not take alert {AlertId}; it is tried again every minute. {Reason}")]
        public static partial void NotTaken(ILogger logger, string channel, string alertId, string reason);

        [LoggerMessage(203, LogLevel.Error, "ChannelRefused: channel '{Channel}' refused alert {AlertId}; it is tried again every minute, and somebody has to mend the channel. {Reason}")]
        public static partial void Refused(ILogger logger, string channel, string alertId, string reason);
    }
}
