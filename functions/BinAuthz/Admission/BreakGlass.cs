namespace BinAuthz.Admission;

/// <summary>How workloads ask to be admitted whatever the policy says.</summary>
internal static class BreakGlass
{
    /// <summary>The label of pods (docs: binary-authorization/docs/using-breakglass).</summary>
    public const string Label = "image-policy.k8s.io/break-glass";

    /// <summary>The annotation that the label replaced, and that clusters still honoured in 2024.</summary>
    public const string OldAnnotation = "alpha.image-policy.k8s.io/break-glass";

    /// <summary>The annotation of Cloud Run services, whose value is a justification.</summary>
    public const string CloudRunAnnotation = "run.googleapis.com/binary-authorization-breakglass";

    /// <summary>Whether the workload asks for it.</summary>
    public static bool IsAskedFor(Workload workload) => workload.Platform == WorkloadPlatform.CloudRun
        ? workload.Annotations.GetValueOrDefault(CloudRunAnnotation) is { Length: > 0 }
        : workload.Labels.GetValueOrDefault(Label) == "true" || workload.Annotations.GetValueOrDefault(OldAnnotation) == "true";
}
