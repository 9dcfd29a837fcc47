using BinAuthz.Policies;

namespace BinAuthz.Tests.Policies;

/// <summary>Policies to change one thing in.</summary>
internal static class PolicySamples
{
    public const string Release = "projects/acme-security/attestors/release";

    /// <summary>A policy that lint finds nothing in, apart from the attestor that was not looked up.</summary>
    public const string Clean =
        """
        admissionWhitelistPatterns:
        - namePattern: us-docker.pkg.dev/acme-prod/base/**
        clusterAdmissionRules:
          us-central1.prod:
            enforcementMode: ENFORCED_BLOCK_AND_AUDIT_LOG
            evaluationMode: REQUIRE_ATTESTATION
            requireAttestationsBy:
            - projects/acme-security/attestors/release
        defaultAdmissionRule:
          enforcementMode: ENFORCED_BLOCK_AND_AUDIT_LOG
          evaluationMode: ALWAYS_DENY
        globalPolicyEvaluationMode: ENABLE
        name: projects/acme-prod/policy

        """;

    /// <summary>The findings of the clean policy with one text replaced by another, without those about attestors that were not looked up.</summary>
    public static IReadOnlyList<PolicyFinding> Lint(string replaced, string by, PolicyLintOptions? options = null)
    {
        Assert.Contains(replaced, Clean, StringComparison.Ordinal);
        return [.. PolicyLinter.Lint(PolicyDocument.Read(Clean.Replace(replaced, by, StringComparison.Ordinal)), options ?? new PolicyLintOptions()).Where(finding => finding.Id != "attestor-not-assessed")];
    }

    /// <summary>The policy of a document without faults.</summary>
    public static Google.Cloud.BinaryAuthorization.V1.Policy Read(string text)
    {
        var document = PolicyDocument.Read(text);
        Assert.Empty(document.Faults);
        return document.Policy;
    }
}
