using Google.Cloud.PubSub.V1;

namespace BinAuthz.Emulator.PubSub;

/// <summary>One message on its way through one subscription.</summary>
internal sealed class Delivery(long id, PubsubMessage message)
{
    public long Id => id;

    public PubsubMessage Message => message;

    public DeliveryState State { get; set; }

    /// <summary>How often it was handed out.</summary>
    public int Attempts { get; set; }

    /// <summary>When the lease or the back-off ends; what is scheduled for another moment is void.</summary>
    public DateTimeOffset? Due { get; set; }

    /// <summary>It was acknowledged, and is delivered once more on purpose.</summary>
    public bool IsDuplicate { get; set; }
}
