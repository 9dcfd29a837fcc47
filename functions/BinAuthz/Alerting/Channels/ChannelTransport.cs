namespace BinAuthz.Alerting.Channels;

/// <summary>How channels reach their services. Those that may go to private addresses share no connection with the others.</summary>
internal sealed class ChannelTransport(DeliveryLimits limits, TimeProvider time) : IDisposable
{
    private readonly ChannelHttp strict = new(new Dialler(allowPrivate: false), limits, time);
    private readonly ChannelHttp lenient = new(new Dialler(allowPrivate: true), limits, time);

    /// <summary>For HTTP.</summary>
    public ChannelHttp Http(bool allowPrivate) => allowPrivate ? lenient : strict;

    /// <summary>For SMTP.</summary>
    public SmtpDelivery Smtp(bool allowPrivate) => new(new Dialler(allowPrivate), limits, time);

    public void Dispose()
    {
        strict.Dispose();
        lenient.Dispose();
    }
}
