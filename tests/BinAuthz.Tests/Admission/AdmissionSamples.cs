using System.Security.Cryptography;
using BinAuthz.Admission;
using BinAuthz.Attestations;
using BinAuthz.Images;
using BinAuthz.Keys;
using BinAuthz.Policies;

namespace BinAuthz.Tests.Admission;

/// <summary>Attestors that can attest, and workloads and policies to judge.</summary>
internal static class AdmissionSamples
{
    public const string Cluster = "us-central1.acme-prod-gke";
    public const string Image = "us-docker.pkg.dev/acme-prod/apps/web@sha256:708a5f9d8de66561de5129583928203b05587db98b695fa982ec4a5b8a3e94bc";
    public const string OtherImage = "us-docker.pkg.dev/acme-prod/apps/debug@sha256:ceffe727ab2fa2c7c3322ee4a1aa0c2d2a4664836c2133df93dd15055bb617be";

    public static readonly ECDsa Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    public static readonly ECDsa OldKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    public static readonly Attestor Release = Attestor("release", Key);
    public static readonly Attestor Qa = Attestor("qa", Key);

    public static Attestor Attestor(string id, params ECDsa[] keys) => new(
        AttestorName.Parse($"projects/acme-security/attestors/{id}"),
        NoteName.Parse($"projects/acme-security/notes/{id}"),
        [.. keys.Select(key => new AttestorKey(IdOf(key), key.ExportSubjectPublicKeyInfoPem(), SignatureAlgorithm.Parse("ECDSA_P256_SHA256"), ""))],
        "");

    public static Attestation Attest(Attestor attestor, string image, ECDsa? key = null)
    {
        var reference = ImageReference.Parse(image);
        var payload = AttestationPayload.Create(reference);
        var signature = (key ?? Key).SignData(payload, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return new Attestation($"projects/acme-security/occurrences/{Guid.NewGuid():N}", reference.ResourceUri, attestor.Note, payload, [new AttestationSignature(IdOf(key ?? Key), signature)], null);
    }

    public static AdmissionPolicy Policy(string yaml) => AdmissionPolicyReader.Read(PolicyDocument.Read(yaml).Policy, "policy.yaml");

    /// <summary>A policy with a default rule only.</summary>
    public static AdmissionPolicy Default(string evaluation, bool dryRun = false, string more = "") =>
        Policy($"defaultAdmissionRule: {Rule(evaluation, dryRun)}\n{more}");

    /// <summary>A rule in one line: ALLOW, DENY, or the ids of attestors.</summary>
    public static string Rule(string evaluation, bool dryRun = false)
    {
        var mode = evaluation switch
        {
            "ALLOW" => "evaluationMode: ALWAYS_ALLOW",
            "DENY" => "evaluationMode: ALWAYS_DENY",
            _ => $"evaluationMode: REQUIRE_ATTESTATION, requireAttestationsBy: [{string.Join(", ", evaluation.Split(' ').Select(id => $"projects/acme-security/attestors/{id}"))}]",
        };
        return $"{{{mode}, enforcementMode: {(dryRun ? "DRYRUN_AUDIT_LOG_ONLY" : "ENFORCED_BLOCK_AND_AUDIT_LOG")}}}";
    }

    public static Workload Workload(params string[] images) => new(
        WorkloadPlatform.Kubernetes,
        "Pod",
        "payments",
        "web",
        "runner",
        [.. images.Select((image, index) => new WorkloadContainer(ContainerKind.Container, $"c{index}", image, new SourcePlace("pod.yaml", index + 1, 1)))],
        new SourcePlace("pod.yaml", 1, 1));

    public static Workload WithBreakGlass(Workload workload) => workload with { Labels = new Dictionary<string, string> { ["image-policy.k8s.io/break-glass"] = "true" } };

    public static AdmissionEvidence Evidence(params Attestation[] attestations) => new([Release, Qa], attestations);

    public static WorkloadAdmission Evaluate(AdmissionPolicy policy, Workload workload, AdmissionEvidence? evidence = null, string? cluster = Cluster, params string[] systemPatterns) =>
        new AdmissionEvaluator(policy, [.. systemPatterns.Select(ImagePattern.Parse)], evidence ?? Evidence(), cluster).Evaluate(workload);

    private static string IdOf(ECDsa key) => "ni:///sha-256;" + Convert.ToBase64String(SHA256.HashData(key.ExportSubjectPublicKeyInfo())).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
