namespace BinAuthz.Approval;

/// <summary>What follows from an approval.</summary>
internal enum ApprovalMode
{
    /// <summary>The image is signed and attested.</summary>
    Enforce,

    /// <summary>The decision is recorded, nothing is signed.</summary>
    DryRun,
}
