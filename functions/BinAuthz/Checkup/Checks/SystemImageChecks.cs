using BinAuthz.Admission;
using BinAuthz.Checkup.Facts;
using BinAuthz.Images;

namespace BinAuthz.Checkup.Checks;

/// <summary>
/// Whether Google's own pods would start: some images of the system policy are evaluated as pods in kube-system, which is exempt by
/// no policy (often got wrong: an allow-list of <c>gke.gcr.io/*</c> misses <c>gke.gcr.io/a/b</c>).
/// </summary>
internal static class SystemImageChecks
{
    private const string Check = "system-images";
    private const int Examples = 4;

    /// <summary>What was found.</summary>
    public static IEnumerable<CheckResult> Judge(CheckupRequest request, PolicyFacts facts)
    {
        var resource = $"projects/{request.Project}/policy";
        return facts.Policy is not Fact<Google.Cloud.BinaryAuthorization.V1.Policy>.Known policy ? []
            : facts.System.Judge(Check, resource, system => Places.TryRead(policy.Value, resource) is { } read ? [Judge(request, resource, read, system)] : []);
    }

    private static CheckResult Judge(CheckupRequest request, string resource, AdmissionPolicy policy, Google.Cloud.BinaryAuthorization.V1.Policy system)
    {
        var (patterns, _) = AdmissionPolicyReader.Patterns(system);
        string[] images = [.. patterns.Take(Examples).Select(Example)];
        var evidence = new AdmissionEvidence([], []);
        var denied = Places.Of(policy, request.Cluster)
            .SelectMany(cluster => images.Select(image => new AdmissionEvaluator(policy, patterns, evidence, cluster).Evaluate(Places.Pod("kube-system", image)).Images[0]))
            .Where(admission => admission.IsDenied).ToArray();
        const string Remedy = "Write globalPolicyEvaluationMode: ENABLE into the policy; lists of Google's images are then not needed.";
        return denied.FirstOrDefault(admission => admission.IsBlocked) is { } blocked
                ? CheckResult.Failed(Check, resource, $"Pods of GKE itself would be blocked, such as of {blocked.Container.Image}: {blocked.Basis} denies it.", $"{Remedy} {PolicyChecks.Render(request)}")
            : denied.Length > 0
                ? CheckResult.Warning(Check, resource, $"Pods of GKE itself would be logged as denied, such as of {denied[0].Container.Image}: {denied[0].Basis} denies it.", $"{Remedy} {PolicyChecks.Render(request)}")
            : images.Length == 0
                ? CheckResult.Warning(Check, resource, "Google's system policy names no image.", "Look at it with `gcloud alpha container binauthz policy export-system-policy`.")
            : CheckResult.Ok(Check, resource, $"images of GKE are admitted, such as {string.Join(", ", images.Take(2))}");
    }

    // With a path of its own, which a single * does not cross.
    private static string Example(ImagePattern pattern)
    {
        var text = pattern.ToString();
        return text.EndsWith("**", StringComparison.Ordinal) ? $"{text[..^2]}addon/agent:v1"
            : text.EndsWith('*') ? $"{text[..^1]}agent:v1"
            : text;
    }
}
