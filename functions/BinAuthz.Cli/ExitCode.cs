namespace BinAuthz.Cli;

/// <summary>What the process answers to a script.</summary>
internal static class ExitCode
{
    /// <summary>Done, and the answer is yes.</summary>
    public const int Ok = 0;

    /// <summary>Done, and the policy, or the verification, says no.</summary>
    public const int Refused = 1;

    /// <summary>The command line or the configuration is wrong: the same call fails again until somebody mends it.</summary>
    public const int Usage = 2;

    /// <summary>Something did not answer or broke: the same call may succeed later.</summary>
    public const int Infrastructure = 3;

    /// <summary>There are attestations, and no signature of them verifies.</summary>
    public const int InvalidSignature = 4;

    /// <summary>Stopped by Ctrl+C or SIGTERM before it was done, as shells have it.</summary>
    public const int Interrupted = 130;
}
