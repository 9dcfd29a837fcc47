namespace BinAuthz.Approval.Vulnerabilities;

/// <summary>What a VEX assessment says of a vulnerability in an image.</summary>
internal enum VexState
{
    None,
    Affected,
    NotAffected,
    Fixed,
    UnderInvestigation,
}
