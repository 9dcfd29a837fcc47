using BinAuthz.Checkup.Facts;

namespace BinAuthz.Checkup.Checks;

/// <summary>
/// What whoever runs this may do, asked without doing it: sign with the key, store under the note, have the attestor asked (often got wrong:
/// the role to sign with a key is not enough to attest; nodes and workloads need none of these).
/// </summary>
internal static class PermissionChecks
{
    /// <summary>What was found of one resource.</summary>
    public static IEnumerable<CheckResult> Judge(CheckupRequest request, HeldPermissions facts) => facts.Held.Judge(facts.Check, facts.Resource, held =>
    {
        Access[] missing = [.. facts.Needed.Where(needed => !held.Contains(needed.Permission))];
        return missing.Length == 0
            ? [CheckResult.Ok(facts.Check, facts.Resource, $"may be used: {string.Join(", ", facts.Needed.Select(needed => needed.Permission))}")]
            : missing.Select(needed => CheckResult.Failed(
                facts.Check,
                facts.Resource,
                $"Whoever runs this lacks {needed.Permission} there, which signing needs.",
                $"{Grant(request, facts, needed)}. If another identity signs, ask as that one: `gcloud auth application-default login --impersonate-service-account=SIGNER`."));
    });

    // Where a policy of the resource itself can be set with gcloud; a note's cannot.
    private static string Grant(CheckupRequest request, HeldPermissions facts, Access needed)
    {
        var member = $"--member=MEMBER --role=roles/{needed.Role}";
        var parts = facts.Resource.Split('/');
        return parts switch
        {
            ["projects", var project, "locations", var location, "keyRings", var ring, "cryptoKeys", var key] =>
                $"`gcloud kms keys add-iam-policy-binding {key} --keyring={ring} --location={location} --project={project} {member}`",
            ["projects", var project, "attestors", var attestor] =>
                $"`gcloud container binauthz attestors add-iam-policy-binding {attestor} --project={project} {member}`",
            ["projects", var project, ..] => $"`gcloud projects add-iam-policy-binding {project} {member}`",
            _ => needed.Grant(request.Project),
        };
    }
}
