namespace BinAuthz.Emulator.PubSub;

/// <summary>Where a message stands in a subscription.</summary>
internal enum DeliveryState
{
    /// <summary>Behind an earlier message with its ordering key.</summary>
    Blocked,

    /// <summary>Can be handed out.</summary>
    Ready,

    /// <summary>Handed out, not yet acknowledged.</summary>
    Leased,

    /// <summary>Refused or expired; waits for the next attempt.</summary>
    BackingOff,

    /// <summary>On its way to the dead-letter topic.</summary>
    DeadLettering,

    /// <summary>Acknowledged, dead-lettered or too old.</summary>
    Gone,
}
