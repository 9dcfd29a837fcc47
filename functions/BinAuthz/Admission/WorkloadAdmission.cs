namespace BinAuthz.Admission;

/// <summary>What admission says of a workload: its pods start only if no image is blocked.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="Images">One for each container, in their order.</param>
internal sealed record WorkloadAdmission(Workload Workload, IReadOnlyList<ImageAdmission> Images)
{
    /// <summary>Whether the pods do not start.</summary>
    public bool IsBlocked => Images.Any(image => image.IsBlocked);
}
