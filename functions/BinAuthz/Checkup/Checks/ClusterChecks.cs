using BinAuthz.Checkup.Facts;
using BinAuthz.Setup;

namespace BinAuthz.Checkup.Checks;

/// <summary>
/// Whether the cluster asks the project's policy at all (often got wrong: <c>ENFORCING</c> is no evaluation mode, and <c>POLICY_BINDINGS</c>
/// alone turns the project's policy off on that cluster).
/// </summary>
internal static class ClusterChecks
{
    private const string Check = "cluster";
    private const string Enforce = "PROJECT_SINGLETON_POLICY_ENFORCE";

    /// <summary>What was found.</summary>
    public static IEnumerable<CheckResult> Judge(CheckupRequest request, ProjectFacts facts) =>
        request.Cluster is not { } cluster || facts.EvaluationMode is not { } mode ? [] : mode.Judge(Check, cluster, found => [Judge(request, cluster, found)]);

    private static CheckResult Judge(CheckupRequest request, string cluster, string? mode)
    {
        var dot = cluster.IndexOf('.', StringComparison.Ordinal);
        if (mode is null)
        {
            return CheckResult.Failed(Check, cluster, "There is no such cluster.", $"`gcloud container clusters list --project={request.Project}` shows location and name of those there are; a zonal cluster is named by its zone.");
        }

        if (mode is Enforce or $"POLICY_BINDINGS_AND_{Enforce}")
        {
            return CheckResult.Ok(Check, cluster, $"evaluates the project's policy ({mode})");
        }

        var status = request.Environment == DeploymentEnvironment.Development ? CheckStatus.Warning : CheckStatus.Failed;
        return new CheckResult(
            Check,
            cluster,
            status,
            $"Its evaluation mode is {mode}, so that the project's policy is not asked there and every image runs.",
            $"`gcloud container clusters update {cluster[(dot + 1)..]} --location={cluster[..dot]} --project={request.Project} --binauthz-evaluation-mode={Enforce}`");
    }
}
