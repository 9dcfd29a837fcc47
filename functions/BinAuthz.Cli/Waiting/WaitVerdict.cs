namespace BinAuthz.Cli.Waiting;

/// <summary>How a wait can end.</summary>
internal enum WaitVerdict
{
    /// <summary>The image and every platform has an attestation of every attestor that verifies.</summary>
    Attested,

    /// <summary>The approval policy said no.</summary>
    Rejected,

    /// <summary>The time is over, and an attestation is missing.</summary>
    TimedOut,

    /// <summary>The time is over, and what is stored does not verify.</summary>
    Invalid,
}
