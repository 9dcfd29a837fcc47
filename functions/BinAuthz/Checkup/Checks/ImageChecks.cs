using BinAuthz.Admission;
using BinAuthz.Checkup.Facts;
using BinAuthz.Images;

namespace BinAuthz.Checkup.Checks;

/// <summary>
/// An image: whether the registry has it, whether it is named by digest, and whether a pod with it is admitted (often got wrong: tags are
/// refused where a digest is asked for, and attestations carry digests, so that looking for them by tag finds nothing).
/// </summary>
internal static class ImageChecks
{
    /// <summary>What was found.</summary>
    public static IEnumerable<CheckResult> Judge(CheckupRequest request, PolicyFacts policies, ImageFacts image)
    {
        var existence = Existence(image);
        return image.Image is not { } exact || image.Evidence is not { } evidence ? existence
            : [.. existence, .. evidence.Judge("image-admission", exact, known => Admission(request, policies, exact, known))];
    }

    private static IEnumerable<CheckResult> Existence(ImageFacts facts)
    {
        const string Check = "image";
        var isTag = !facts.Text.Contains('@', StringComparison.Ordinal);
        if (facts.Digest is null)
        {
            return isTag
                ? [CheckResult.Failed(Check, facts.Text, "It is named by tag, and is in no Artifact Registry repository that could be asked for its digest. Attestations are of digests, and a tag is denied wherever they are required.", "Name it by digest, …@sha256:…")]
                : [CheckResult.Warning(Check, facts.Text, "It is in no Artifact Registry repository, so that nobody was asked whether it exists.", "Check the name; `gcloud artifacts docker images describe IMAGE` shows an image of Artifact Registry.")];
        }

        return facts.Digest.Judge(Check, facts.Text, digest => [digest is null
            ? CheckResult.Failed(Check, facts.Text, "The registry has no such image.", $"Check the name, or push it; `gcloud artifacts docker images list {Repository(facts.Text)} --include-tags` shows what is there.")
            : isTag
                ? CheckResult.Warning(Check, facts.Text, $"It is named by tag, which is {digest} now. A pod that names the tag is denied wherever attestations are required.", $"Write `{facts.Image}` into the manifest.")
                : CheckResult.Ok(Check, facts.Text, "the registry has it")]);
    }

    private static IEnumerable<CheckResult> Admission(CheckupRequest request, PolicyFacts policies, ImageReference image, AdmissionEvidence evidence)
    {
        var resource = $"projects/{request.Project}/policy";
        if (policies.Policy is not Fact<Google.Cloud.BinaryAuthorization.V1.Policy>.Known known || Places.TryRead(known.Value, resource) is not { } policy)
        {
            return [];
        }

        var patterns = policies.System is Fact<Google.Cloud.BinaryAuthorization.V1.Policy>.Known system ? AdmissionPolicyReader.Patterns(system.Value).Patterns : [];
        return Places.Of(policy, request.Cluster)
            .Select(cluster => new AdmissionEvaluator(policy, patterns, evidence, cluster).Evaluate(Places.Pod(Places.Namespace, image.ToString())).Images[0])
            .DistinctBy(admission => admission.Basis)
            .SelectMany(admission => Tell(image, admission));
    }

    private static IEnumerable<CheckResult> Tell(ImageReference image, ImageAdmission admission)
    {
        const string Check = "image-admission";
        return !admission.IsDenied
            ? [CheckResult.Ok(Check, image, $"admitted by {admission.Basis}")]
            : admission.Denials.Select(denial => new CheckResult(
                Check,
                image.ToString(),
                admission.IsBlocked ? CheckStatus.Failed : CheckStatus.Warning,
                $"{(admission.IsBlocked ? "Blocked" : "Denied, but a dry run admits it,")} by {admission.Basis}: {denial.Detail}",
                denial.Remedy));
    }

    private static string Repository(string image)
    {
        var name = image.Split('@')[0];
        return name.LastIndexOf('/') is var slash and > 0 ? name[..slash] : name;
    }
}
