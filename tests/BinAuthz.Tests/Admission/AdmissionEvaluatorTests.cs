using BinAuthz.Admission;
using BinAuthz.Attestations;
using static BinAuthz.Tests.Admission.AdmissionSamples;

namespace BinAuthz.Tests.Admission;

/// <summary>Every step of the evaluation, in its order.</summary>
public sealed class AdmissionEvaluatorTests
{
    [Theory]
    [InlineData("image-policy.k8s.io/break-glass", "true", true, true)]
    [InlineData("alpha.image-policy.k8s.io/break-glass", "true", false, true)]
    [InlineData("alpha.image-policy.k8s.io/break-glass", "true", true, false)]
    [InlineData("image-policy.k8s.io/break-glass", "true", false, false)]
    [InlineData("image-policy.k8s.io/break-glass", "false", true, false)]
    [InlineData("image-policy.k8s.io/break-glass", "True", true, false)]
    [InlineData("run.googleapis.com/binary-authorization-breakglass", "an incident", false, false)]
    public void Evaluate_BreakGlass_OverridesTheVerdictAndKeepsIt(string key, string value, bool isLabel, bool expected)
    {
        var marks = new Dictionary<string, string> { [key] = value };
        var workload = isLabel ? Workload(Image) with { Labels = marks } : Workload(Image) with { Annotations = marks };

        var admission = Evaluate(Default("DENY"), workload);

        var image = Assert.Single(admission.Images);
        Assert.True(image.IsDenied);
        Assert.Equal(expected ? AdmissionEnforcement.BreakGlass : AdmissionEnforcement.Enforced, image.Enforcement);
        Assert.Equal(!expected, admission.IsBlocked);
    }

    [Theory]
    [InlineData("ENABLE", "gke.gcr.io/**", "gke.gcr.io/a/b:v1", nameof(AdmissionRuleKind.SystemPolicy))]
    [InlineData("ENABLE", "gke.gcr.io/*", "gke.gcr.io/a/b:v1", nameof(AdmissionRuleKind.Default))]
    [InlineData("DISABLE", "gke.gcr.io/**", "gke.gcr.io/a/b:v1", nameof(AdmissionRuleKind.Default))]
    [InlineData("GLOBAL_POLICY_EVALUATION_MODE_UNSPECIFIED", "gke.gcr.io/**", "gke.gcr.io/a/b:v1", nameof(AdmissionRuleKind.Default))]
    public void Evaluate_SystemPolicy_CountsOnlyWhenEnabled(string mode, string pattern, string image, string expected)
    {
        var admission = Evaluate(Default("DENY", more: $"globalPolicyEvaluationMode: {mode}"), Workload(image), null, Cluster, pattern);

        Assert.Equal(expected, Assert.Single(admission.Images).Basis.Kind.ToString());
        Assert.Equal(expected == nameof(AdmissionRuleKind.Default), admission.IsBlocked);
    }

    [Theory]
    [InlineData("gcr.io/p/nginx*", "gcr.io/p/nginx:latest", true)]
    [InlineData("gcr.io/p/nginx*", "gcr.io/p/nginx-images/nginx", false)]
    [InlineData("gcr.io/p/**", "gcr.io/p/a/b:v1", true)]
    [InlineData("gcr.io/p/*", "gcr.io/p/a/b:v1", false)]
    [InlineData("gcr.io/p**", "gcr.io/p2/a", true)]
    [InlineData("gcr.io/p/img", "gcr.io/p/img", true)]
    [InlineData("gcr.io/p/img", "gcr.io/p/img:v1", false)]
    [InlineData("gcr.io/p/img:v1.*", "gcr.io/p/img:v1.2", true)]
    [InlineData("gcr.io/p/img@*", "gcr.io/p/img@sha256:708a5f9d8de66561de5129583928203b05587db98b695fa982ec4a5b8a3e94bc", true)]
    [InlineData("docker.io/library/nginx*", "nginx:latest", false)]
    public void Evaluate_AllowList_MatchesTheTextOfTheImage(string pattern, string image, bool admitted)
    {
        var admission = Evaluate(Default("DENY", more: $"admissionWhitelistPatterns: [{{namePattern: '{pattern}'}}]"), Workload(image));

        Assert.Equal(!admitted, admission.IsBlocked);
        Assert.Equal(admitted ? new AdmissionBasis(AdmissionRuleKind.AllowList, pattern) : new AdmissionBasis(AdmissionRuleKind.Default, ""), admission.Images[0].Basis);
    }

    [Theory]
    [InlineData("clusterAdmissionRules", "us-central1.acme-prod-gke", nameof(AdmissionRuleKind.Cluster))]
    [InlineData("clusterAdmissionRules", "us-central1.other", nameof(AdmissionRuleKind.Default))]
    [InlineData("kubernetesNamespaceAdmissionRules", "payments", nameof(AdmissionRuleKind.Namespace))]
    [InlineData("kubernetesNamespaceAdmissionRules", "default", nameof(AdmissionRuleKind.Default))]
    [InlineData("kubernetesServiceAccountAdmissionRules", "payments:runner", nameof(AdmissionRuleKind.ServiceAccount))]
    [InlineData("kubernetesServiceAccountAdmissionRules", "default:runner", nameof(AdmissionRuleKind.Default))]
    [InlineData("istioServiceIdentityAdmissionRules", "spiffe://acme.svc.id.goog/ns/payments/sa/runner", nameof(AdmissionRuleKind.IstioIdentity))]
    [InlineData("istioServiceIdentityAdmissionRules", "acme.svc.id.goog/ns/payments/sa/runner", nameof(AdmissionRuleKind.IstioIdentity))]
    [InlineData("istioServiceIdentityAdmissionRules", "spiffe://acme.svc.id.goog/ns/payments/sa/other", nameof(AdmissionRuleKind.Default))]
    public void Evaluate_SpecificRule_ReplacesTheDefaultRule(string map, string key, string expected)
    {
        var specificAllows = Default("DENY", more: $"{map}: {{'{key}': {Rule("ALLOW")}}}");
        var specificDenies = Default("ALLOW", more: $"{map}: {{'{key}': {Rule("DENY")}}}");

        Assert.Equal(expected, Evaluate(specificAllows, Workload(Image)).Images[0].Basis.Kind.ToString());
        Assert.Equal(expected == nameof(AdmissionRuleKind.Default), Evaluate(specificAllows, Workload(Image)).IsBlocked);
        Assert.Equal(expected != nameof(AdmissionRuleKind.Default), Evaluate(specificDenies, Workload(Image)).IsBlocked);
    }

    [Theory]
    [InlineData("clusterAdmissionRules: {'us-central1.acme-prod-gke': ")]
    [InlineData("kubernetesNamespaceAdmissionRules: {payments: ")]
    public void Evaluate_CloudRun_HasTheDefaultRuleOnly(string map)
    {
        var admission = Evaluate(Default("DENY", more: map + Rule("ALLOW") + "}"), Workload(Image) with { Platform = WorkloadPlatform.CloudRun });

        Assert.True(admission.IsBlocked);
        Assert.Equal($"Container image '{Image}' is not authorized by policy. Denied by always_deny admission rule", admission.Images[0].Message);
    }

    [Fact]
    public void Evaluate_CloudRunJustification_IsBreakGlass()
    {
        var workload = Workload(Image) with { Platform = WorkloadPlatform.CloudRun, Annotations = new Dictionary<string, string> { ["run.googleapis.com/binary-authorization-breakglass"] = "an incident" } };

        Assert.False(Evaluate(Default("DENY"), workload).IsBlocked);
    }

    [Fact]
    public void Evaluate_IstioRulesOfSeveralTrustDomains_TheStrictestCounts()
    {
        var policy = Default("ALLOW", more: $"istioServiceIdentityAdmissionRules: {{a/ns/payments/sa/runner: {Rule("ALLOW")}, b/ns/payments/sa/runner: {Rule("DENY")}, c/ns/payments/sa/runner: {Rule("DENY", dryRun: true)}}}");

        var image = Assert.Single(Evaluate(policy, Workload(Image)).Images);

        Assert.True(image.IsBlocked);
        Assert.Equal("b/ns/payments/sa/runner", image.Basis.Key);
    }

    [Fact]
    public void Evaluate_AlwaysDeny_SaysWhatGkeSays()
    {
        var image = Assert.Single(Evaluate(Default("DENY"), Workload("nginx:latest")).Images);

        Assert.Equal("Image nginx:latest denied by Binary Authorization default admission rule. Denied by always_deny admission rule", image.Message);
        Assert.Contains("binauthz policy apply", Assert.Single(image.Denials).Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_NotAttested_SaysWhatGkeSaysAndHowToSign()
    {
        var policy = Default("DENY", more: $"clusterAdmissionRules: {{{Cluster}: {Rule("release")}}}");

        var image = Assert.Single(Evaluate(policy, Workload(OtherImage), Evidence(Attest(Release, Image))).Images);

        Assert.Equal(
            $"Image {OtherImage} denied by Binary Authorization cluster admission rule for {Cluster}. Image {OtherImage} denied by attestor projects/acme-security/attestors/release: No attestations found that were valid and signed by a key trusted by the attestor",
            image.Message);
        var denial = Assert.Single(image.Denials);
        Assert.Equal(AdmissionCause.NotAttested, denial.Cause);
        Assert.Contains($"binauthz sign {OtherImage}", denial.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("us-docker.pkg.dev/acme-prod/apps/web:latest", "binauthz verify us-docker.pkg.dev/acme-prod/apps/web:latest --attestor projects/acme-security/attestors/release")]
    [InlineData("us-docker.pkg.dev/acme-prod/apps/web", "binauthz verify")]
    [InlineData("nginx:latest", "registry of yours")]
    [InlineData("docker.io/library/nginx:latest", "registry of yours")]
    [InlineData("us-docker.pkg.dev/acme-prod/apps/web@sha256:708A", "registry/repository@sha256:")]
    [InlineData("us-docker.pkg.dev/acme-prod/apps/web@sha512:00", "registry/repository@sha256:")]
    public void Evaluate_TagUnderRequireAttestation_IsDenied(string text, string remedy)
    {
        var image = Assert.Single(Evaluate(Default("release"), Workload(text), Evidence(Attest(Release, Image))).Images);

        Assert.True(image.IsBlocked);
        Assert.Equal(
            $"Image {text} denied by Binary Authorization default admission rule. Image {text} denied by attestor projects/acme-security/attestors/release: Expected digest with sha256 scheme, but got tag or malformed digest",
            image.Message);
        Assert.Equal(AdmissionCause.TagInsteadOfDigest, image.Denials[0].Cause);
        Assert.Contains(remedy, image.Denials[0].Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_TagUnderAlwaysAllow_IsAdmitted() => Assert.False(Evaluate(Default("ALLOW"), Workload("nginx:latest")).IsBlocked);

    [Theory]
    [InlineData(false, false, 2)]
    [InlineData(true, false, 1)]
    [InlineData(false, true, 1)]
    [InlineData(true, true, 0)]
    public void Evaluate_SeveralAttestors_AllMustBeSatisfied(bool release, bool qa, int missing)
    {
        Attestation[] attestations = [.. release ? new[] { Attest(Release, Image) } : [], .. qa ? new[] { Attest(Qa, Image) } : []];

        var image = Assert.Single(Evaluate(Default("release qa"), Workload(Image), Evidence(attestations)).Images);

        Assert.Equal(missing, image.Denials.Count);
        Assert.Equal(missing > 0, image.IsBlocked);
    }

    [Fact]
    public void Evaluate_OneValidAttestationAmongInvalidOnes_Suffices()
    {
        var bad = Attest(Release, Image) with { Payload = "{}"u8.ToArray() };

        Assert.False(Evaluate(Default("release"), Workload(Image), Evidence(Attest(Release, Image, OldKey), bad, Attest(Release, Image))).IsBlocked);
    }

    [Fact]
    public void Evaluate_SameDigestUnderAnotherName_IsAdmitted()
    {
        var copy = Image.Replace("us-docker.pkg.dev/acme-prod/apps/web", "docker.io/acme/copy", StringComparison.Ordinal);

        Assert.False(Evaluate(Default("release"), Workload(copy), Evidence(Attest(Release, Image))).IsBlocked);
    }

    [Fact]
    public void Evaluate_KeyThatIsNoLongerListed_SaysSo()
    {
        var denial = Assert.Single(Evaluate(Default("release"), Workload(Image), Evidence(Attest(Release, Image, OldKey))).Images[0].Denials);

        Assert.Equal(AdmissionCause.UntrustedKey, denial.Cause);
        Assert.Contains("is signed by 'ni:///sha-256;", denial.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_SignatureOverOtherBytes_SaysSo()
    {
        var forged = Attest(Release, Image) with { Payload = AttestationPayload.Create(BinAuthz.Images.ImageReference.Parse(Image.Replace("web", "other", StringComparison.Ordinal))) };

        var denial = Assert.Single(Evaluate(Default("release"), Workload(Image), Evidence(forged)).Images[0].Denials);

        Assert.Equal(AdmissionCause.InvalidAttestation, denial.Cause);
        Assert.Contains("does not verify", denial.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_AttestationWithoutSignature_IsInvalid()
    {
        var denial = Assert.Single(Evaluate(Default("release"), Workload(Image), Evidence(Attest(Release, Image) with { Signatures = [] })).Images[0].Denials);

        Assert.Equal(AdmissionCause.InvalidAttestation, denial.Cause);
        Assert.Contains("it carries no signature", denial.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_AttestationOnAnotherNote_DoesNotCount() =>
        Assert.Equal(AdmissionCause.NotAttested, Evaluate(Default("release"), Workload(Image), Evidence(Attest(Qa, Image))).Images[0].Denials[0].Cause);

    [Fact]
    public void Evaluate_AttestorThatDoesNotExist_NamesIt()
    {
        var denial = Assert.Single(Evaluate(Default("gone"), Workload(Image)).Images[0].Denials);

        Assert.Equal(AdmissionCause.AttestorMissing, denial.Cause);
        Assert.Contains("binauthz setup acme-security", denial.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_AttestorWithoutKeys_NeverCounts()
    {
        var evidence = new AdmissionEvidence([AdmissionSamples.Attestor("release")], [Attest(Release, Image)]);

        Assert.Equal(AdmissionCause.AttestorWithoutKeys, Evaluate(Default("release"), Workload(Image), evidence).Images[0].Denials[0].Cause);
    }

    [Fact]
    public void Evaluate_GcloudSamples_AreAdmitted()
    {
        var evidence = new AdmissionEvidence([Attestations.AttestationSamples.Attestor("attestor-single-key.json")], [Attestations.AttestationSamples.Attestation("occurrence-gcloud-style.json")]);

        Assert.False(Evaluate(Default("release"), Workload(Image), evidence).IsBlocked);
    }

    [Fact]
    public void Evaluate_DryRun_DeniesAndBlocksNothing()
    {
        var admission = Evaluate(Default("release", dryRun: true), Workload(Image));

        Assert.False(admission.IsBlocked);
        Assert.True(admission.Images[0].IsDenied);
        Assert.Equal(AdmissionEnforcement.DryRun, admission.Images[0].Enforcement);
    }

    [Fact]
    public void Evaluate_OneDeniedImage_BlocksThePod()
    {
        var admission = Evaluate(Default("release"), Workload(Image, OtherImage), Evidence(Attest(Release, Image)));

        Assert.True(admission.IsBlocked);
        Assert.Equal([false, true], admission.Images.Select(image => image.IsBlocked));
    }
}
