namespace BinAuthz.Approval.Vulnerabilities;

/// <summary>The state of a first analysis, as Container Analysis names it.</summary>
internal enum ScanState
{
    Unspecified,
    Pending,
    Scanning,
    FinishedSuccess,
    FinishedFailed,
    FinishedUnsupported,
}
