namespace BinAuthz.Admission;

/// <summary>What reading manifests gave.</summary>
/// <param name="Workloads">What runs pods, in the order of the text.</param>
/// <param name="Skipped">How many objects run none.</param>
/// <param name="Errors">What could not be read.</param>
internal sealed record WorkloadReading(IReadOnlyList<Workload> Workloads, int Skipped, IReadOnlyList<ManifestError> Errors)
{
    /// <summary>Several readings as one.</summary>
    public static WorkloadReading Of(IReadOnlyCollection<WorkloadReading> parts) =>
        new([.. parts.SelectMany(part => part.Workloads)], parts.Sum(part => part.Skipped), [.. parts.SelectMany(part => part.Errors)]);
}
