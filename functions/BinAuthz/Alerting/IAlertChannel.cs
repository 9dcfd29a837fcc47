namespace BinAuthz.Alerting;

/// <summary>Somewhere alerts are sent to. There is one class for each service.</summary>
internal interface IAlertChannel
{
    /// <summary>The name in the alert policy.</summary>
    string Name { get; }

    /// <summary>What would be sent, without secrets; empty when it cannot be shown.</summary>
    string Preview(Alert alert) => "";

    /// <summary>Sends an alert; tries again a few times by itself, within a bounded time.</summary>
    /// <exception cref="AlertChannelException">It was not taken.</exception>
    Task SendAsync(Alert alert, CancellationToken cancellationToken);
}
