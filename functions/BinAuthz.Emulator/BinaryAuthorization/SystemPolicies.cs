using System.Text.RegularExpressions;
using BinAuthz.Emulator.Hosting;
using Google.Cloud.BinaryAuthorization.V1;

namespace BinAuthz.Emulator.BinaryAuthorization;

/// <summary>Google's own policy, which admits the images of GKE: a short excerpt of the real one, the same in every location.</summary>
internal static partial class SystemPolicies
{
    private static readonly string[] Patterns =
    [
        "gke.gcr.io/**", "us-central1-artifactregistry.gcr.io/gke-release/gke-release/**", "us-artifactregistry.gcr.io/gke-release/gke-release/**",
        "europe-artifactregistry.gcr.io/gke-release/gke-release/**", "asia-artifactregistry.gcr.io/gke-release/gke-release/**", "gcr.io/gke-release/**",
    ];

    public static Policy Get(string name) => PolicyName().IsMatch(name)
        ? new Policy
        {
            Name = name,
            Description = "An excerpt of the system policy",
            AdmissionWhitelistPatterns = { Patterns.Select(pattern => new AdmissionWhitelistPattern { NamePattern = pattern }) },
            DefaultAdmissionRule = new AdmissionRule
            {
                EvaluationMode = AdmissionRule.Types.EvaluationMode.AlwaysDeny,
                EnforcementMode = AdmissionRule.Types.EnforcementMode.EnforcedBlockAndAuditLog,
            },
        }
        : throw Errors.Invalid($"'{name}' is not the name of a system policy; it must have the form locations/*/policy.");

    [GeneratedRegex(@"^locations/[a-z0-9-]+/policy\z")]
    private static partial Regex PolicyName();
}
