using System.Text.RegularExpressions;
using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.Rest;

namespace BinAuthz.Emulator.BinaryAuthorization;

/// <summary>What Binary Authorization accepts as a platform policy.</summary>
internal static partial class PlatformPolicyRules
{
    private const int MaxAttestationProjects = 10;

    public static string Name(string name) => PolicyName().IsMatch(name)
        ? name
        : throw Errors.Invalid($"'{name}' is not the name of a platform policy; it must have the form projects/*/platforms/*/policies/*.");

    public static string Parent(string parent) => PlatformName().IsMatch(parent)
        ? parent
        : throw Errors.Invalid($"'{parent}' is not the name of a platform; it must have the form projects/*/platforms/gke or projects/*/platforms/cloudRun.");

    public static void Check(string name, PlatformPolicy policy)
    {
        var expected = name.Contains("/platforms/gke/", StringComparison.Ordinal) ? PlatformPolicy.PlatformPolicyOneofCase.GkePolicy : PlatformPolicy.PlatformPolicyOneofCase.CloudRunPolicy;
        if (policy.PlatformPolicyCase != expected)
        {
            throw Errors.Invalid($"The policy of this platform must be given as {(expected == PlatformPolicy.PlatformPolicyOneofCase.GkePolicy ? "gke_policy" : "cloud_run_policy")}.");
        }

        var sets = policy.GkePolicy?.CheckSets ?? [];
        for (var index = 0; index < sets.Count; index++)
        {
            CheckSet(sets[index], index, index == sets.Count - 1);
        }
    }

    private static void CheckSet(CheckSet set, int index, bool last)
    {
        if (set.Scope is null or { ScopeCase: Scope.ScopeOneofCase.None } != last)
        {
            throw Errors.Invalid($"check_sets[{index}]: the last check set, and no other, must be without a scope.");
        }

        foreach (var check in set.Checks)
        {
            if (check.CheckTypeCase == Rest.Check.CheckTypeOneofCase.None)
            {
                throw Errors.Invalid($"check_sets[{index}]: check '{check.DisplayName}' names nothing to check.");
            }

            CheckSigning(check.SimpleSigningAttestationCheck, index);
        }
    }

    private static void CheckSigning(SimpleSigningAttestationCheck? check, int index)
    {
        if (check is null)
        {
            return;
        }

        if (check.ContainerAnalysisAttestationProjects.Count > MaxAttestationProjects)
        {
            throw Errors.Invalid($"check_sets[{index}]: a check may read attestations from {MaxAttestationProjects} projects.");
        }

        var keys = check.AttestationAuthenticators.SelectMany(authenticator => authenticator.PkixPublicKeySet?.PkixPublicKeys ?? []).ToArray();
        if (keys.Length == 0)
        {
            throw Errors.Invalid($"check_sets[{index}]: simple_signing_attestation_check has no pkix_public_keys.");
        }

        foreach (var key in keys)
        {
            VerificationKey.Import(key);
        }
    }

    [GeneratedRegex(@"^projects/[^/]+/platforms/(gke|cloudRun)/policies/[a-zA-Z0-9_-]{1,128}\z")]
    private static partial Regex PolicyName();

    [GeneratedRegex(@"^projects/[^/]+/platforms/(gke|cloudRun)\z")]
    private static partial Regex PlatformName();
}
