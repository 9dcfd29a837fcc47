using System.Text.RegularExpressions;
using BinAuthz.Images;
using GlobalEvaluation = Google.Cloud.BinaryAuthorization.V1.Policy.Types.GlobalPolicyEvaluationMode;

namespace BinAuthz.Policies;

/// <summary>What is wrong with a pattern of the allow list. Images that match are admitted without any attestation.</summary>
internal static partial class PatternLint
{
    /// <summary>What was found.</summary>
    public static IEnumerable<PolicyFinding> Lint(string pattern, string path, GlobalEvaluation global, PolicyLintOptions options)
    {
        if (pattern.Length == 0)
        {
            return [];
        }

        if (pattern is "*" or "**")
        {
            return [PolicyFinding.Error("pattern-every-registry", path, $"'{pattern}' would admit every image of every registry, and is not valid.", "Name what is meant, such as us-docker.pkg.dev/PROJECT/REPOSITORY/**.")];
        }

        if (!ImagePattern.TryParse(pattern, out var read, out var rule))
        {
            return [PolicyFinding.Error("pattern-invalid", path, $"'{pattern}' is not a pattern: {rule}.", "Write REGISTRY/PATH, and * or ** at its end only.")];
        }

        return WholeRegistry().IsMatch(pattern) ? [Whole(pattern, path, options.Production)] : [.. Valid(pattern, read, path, global == GlobalEvaluation.Enable, options.Production)];
    }

    private static PolicyFinding Whole(string pattern, string path, bool production) => new(
        "pattern-whole-registry",
        production ? FindingSeverity.Error : FindingSeverity.Warning,
        path,
        $"'{pattern}' admits every image of {pattern[..^3]}, which everybody can push to in a project of their own.",
        $"Name the project at least, such as {pattern[..^2]}PROJECT/REPOSITORY/**.");

    private static IEnumerable<PolicyFinding> Valid(string pattern, ImagePattern read, string path, bool systemPolicy, bool production)
    {
        var withinSegment = !read.IsLiteral && !pattern.EndsWith("**", StringComparison.Ordinal);
        if (systemPolicy && SystemImages().IsMatch(pattern))
        {
            var incomplete = withinSegment ? " It is incomplete besides: * does not cross a slash." : "";
            yield return PolicyFinding.Warning(
                "system-pattern-redundant",
                path,
                $"'{pattern}' names images of GKE itself, which the system policy admits already (globalPolicyEvaluationMode: ENABLE).{incomplete}",
                "Remove it. `gcloud alpha container binauthz policy export-system-policy` shows what the system policy admits.");
        }
        else if (read.IsLiteral)
        {
            if (!TagOrDigest().IsMatch(pattern))
            {
                yield return PolicyFinding.Warning(
                    "pattern-plain-name",
                    path,
                    $"'{pattern}' has neither tag nor digest and no wildcard; it is sure to match the text '{pattern}' only.",
                    $"Write {pattern}@sha256:DIGEST or {pattern}:TAG for one image, {pattern}:* and {pattern}@* for all of that name.");
            }
        }
        else if (withinSegment && read.EndsOnPathBoundary)
        {
            yield return PolicyFinding.Warning(
                "pattern-within-one-segment",
                path,
                $"The * of '{pattern}' does not cross a slash: {pattern[..^1]}image matches, {pattern[..^1]}team/image does not.",
                $"Write {pattern}* if deeper images are meant as well.");
        }
        else if (!read.EndsOnPathBoundary && !TagOrDigest().IsMatch(pattern))
        {
            var stem = pattern.TrimEnd('*');
            var other = withinSegment ? $"{stem}-other" : $"{stem}-other/image";
            var reason = $"'{pattern}' does not end at a boundary: it also matches {other}, which may be somebody else's.";
            var remedy = withinSegment ? $"Write {stem}:* and {stem}@* for the image, or {stem}/* for what is below." : $"Write {stem}/**.";
            yield return new PolicyFinding("pattern-no-path-boundary", production && !withinSegment ? FindingSeverity.Error : FindingSeverity.Warning, path, reason, remedy);
        }
    }

    // A tag or digest, or the beginning of one, after the last slash; a colon before it is a port.
    [GeneratedRegex(@"[:@][^/]*\z")]
    private static partial Regex TagOrDigest();

    // The multi-tenant registries of Google, GitHub, GitLab, Amazon, Red Hat and Docker: there the host alone tells of no owner.
    [GeneratedRegex(@"\A(?:(?:(?:us|eu|asia|mirror)\.)?gcr\.io|[a-z0-9-]+-docker\.pkg\.dev|(?:index\.)?docker\.io|registry-1\.docker\.io|ghcr\.io|quay\.io|public\.ecr\.aws|registry\.gitlab\.com)/\*\*\z")]
    private static partial Regex WholeRegistry();

    // From the guide's list and the system policy of 2026 (gcloud alpha container binauthz policy export-system-policy).
    [GeneratedRegex(@"\A(?:gke\.gcr\.io|k8s\.gcr\.io|[a-z0-9-]+-artifactregistry\.gcr\.io/gke-release)(?:/|\*)")]
    private static partial Regex SystemImages();
}
