namespace BinAuthz.Tests.Denials;

/// <summary>What every sample tells. The tables name all of them, those that tell nothing included.</summary>
public sealed class LogSampleTests
{
    private const string Debug = "us-docker.pkg.dev/acme-prod/apps/debug@sha256:ceffe727ab2fa2c7c3322ee4a1aa0c2d2a4664836c2133df93dd15055bb617be";
    private const string Web = "us-docker.pkg.dev/acme-prod/apps/web@sha256:708a5f9d8de66561de5129583928203b05587db98b695fa982ec4a5b8a3e94bc";
    private const string Migrate = "us-docker.pkg.dev/acme-prod/apps/migrate:latest";
    private const string Release = "projects/acme-security/attestors/release";
    private const string Qa = "projects/acme-security/attestors/qa";
    private const string Key = "projects/acme-security/locations/us-central1/keyRings/binauthz/cryptoKeys/release-signer";
    private const string Cluster = "us-central1.acme-prod-gke@acme-prod";
    private const string Service = "us-central1.web@acme-prod";
    private const string Compute = "123456789012-compute@developer.gserviceaccount.com";
    private const string Rotator = "rotator@acme-security.iam.gserviceaccount.com";
    private const string Alice = "alice@acme.example";

    public static TheoryData<string, string[]> Positives => new()
    {
        { "binauthz-create-attestor", [$"TrustChange Administration @acme-security | {Alice} | no image | Attestor {Release} CreateAttestor"] },
        { "binauthz-update-attestor", [$"TrustChange Administration @acme-security | {Rotator} | no image | Attestor {Release} UpdateAttestor"] },
        { "binauthz-update-policy", [$"TrustChange Administration @acme-prod | {Alice} | no image | Policy projects/acme-prod/policy UpdatePolicy"] },
        { "cloudrun-breakglass", [$"BreakGlass CloudRun {Service} | Service/web {Compute} | {Alice} | {Debug} | INC-4711 emergency fix"] },
        { "cloudrun-check-failed", [$"CheckFailed CloudRun {Service} | Service/web {Compute} | {Alice} | {Debug}"] },
        { "cloudrun-deny", [$"Denial CloudRun {Service} | Service/web {Compute} | {Alice} | {Debug} | {Release}"] },
        { "composed/binauthz-audit-finding", [$"AuditFinding Administration @acme-security | {Debug} | high BA103 projects/acme-security/occurrences/11111111-2222-4333-8444-555555555555"] },
        {
            "composed/binauthz-key-revoked",
            [$"TrustChange Administration @acme-security | the rotate-key function | no image | projects/acme-security/attestors/production-attestor | compromised since 2026-09-28T08:00:00.000Z: a build machine was broken into | KeyRevoked {Key}/cryptoKeyVersions/1 KeyRevoked"]
        },
        { "composed/binauthz-create-platform-policy", [$"TrustChange Administration @acme-prod | {Alice} | no image | Policy projects/acme-prod/platforms/gke/policies/prod-cv CreatePlatformPolicy"] },
        { "composed/binauthz-delete-attestor", [$"TrustChange Administration @acme-security | {Rotator} | no image | AttestorDeleted {Release} DeleteAttestor"] },
        { "composed/binauthz-set-iam-attestor", [$"TrustChange Administration @acme-security | {Rotator} | no image | Access {Release} SetIamPolicy"] },
        { "composed/binauthz-update-policy-v1beta1", [$"TrustChange Administration @acme-prod | {Alice} | no image | Policy projects/acme-prod/policy UpdatePolicy"] },
        { "composed/cloudrun-dryrun", [$"DryRunDenial CloudRun {Service} | Service/web {Compute} | {Alice} | {Debug} | {Release}"] },
        { "composed/cloudrun-job-deny", [$"Denial CloudRun us-central1.nightly@acme-prod | Job/nightly {Compute} | {Alice} | {Debug} | {Release}"] },
        {
            "composed/cv-violation-several-images",
            [
                $"ContinuousValidation Gke {Cluster} | payments Pod/web-7d9f8c6b5- | {Debug}",
                $"ContinuousValidation Gke {Cluster} | payments Pod/web-7d9f8c6b5- | {Migrate}",
            ]
        },
        { "composed/gdc-breakglass", [$"BreakGlass DistributedCloud {Cluster} | payments Pod/web-7d9f default | {Alice} | {Debug}"] },
        { "composed/gdc-deny", [$"Denial DistributedCloud {Cluster} | payments Pod/web-7d9f default | {Alice} | {Debug} | {Release}"] },
        { "composed/gdc-failopen", [$"FailOpen DistributedCloud {Cluster} | payments Pod/web-7d9f default | {Alice} | {Debug}"] },
        { "composed/gke-breakglass-old-annotation", [$"BreakGlass Gke {Cluster} | payments Pod/web-7d9f default | {Alice} | {Debug}"] },
        {
            "composed/gke-breakglass-several-images",
            [
                $"BreakGlass Gke {Cluster} | payments Pod/web-7d9f web | {Alice} | {Migrate} | {Release}",
                $"BreakGlass Gke {Cluster} | payments Pod/web-7d9f web | {Alice} | {Debug} | {Release}",
            ]
        },
        { "composed/gke-deny-cronjob", [$"Denial Gke {Cluster} | payments Job/backup-29312345 default | system:serviceaccount:kube-system:job-controller | {Debug} | {Release}"] },
        { "composed/gke-deny-deployment", [$"Denial Gke {Cluster} | payments Deployment/web default | system:serviceaccount:kube-system:replicaset-controller | {Debug} | {Release}"] },
        { "composed/gke-deny-ephemeral-container", [$"Denial Gke {Cluster} | payments Pod/web-7d9f | {Alice} | busybox | {Release}"] },
        { "composed/gke-deny-init-container", [$"Denial Gke {Cluster} | payments Pod/web-7d9f default | {Alice} | {Migrate} | {Release}"] },
        { "composed/gke-deny-rewritten-image", [$"Denial Gke {Cluster} | payments Pod/web-7d9f default | {Alice} | mirror.acme.example/nginx:1.29 | {Release}"] },
        {
            "composed/gke-deny-several-images",
            [
                $"Denial Gke {Cluster} | payments Pod/web-7d9f web | {Alice} | {Migrate} | {Release}",
                $"Denial Gke {Cluster} | payments Pod/web-7d9f web | {Alice} | {Debug} | {Release} {Qa}",
            ]
        },
        { "composed/gke-deny-without-request", [$"Denial Gke {Cluster} | payments Pod/web-7d9f | {Alice} | {Debug} | {Release}"] },
        { "composed/grafeas-set-iam-note", [$"TrustChange Administration @acme-security | {Rotator} | no image | Access projects/acme-security/notes/release-signed SetIamPolicy"] },
        { "composed/kms-disable-version-qualified-method", [$"TrustChange Administration @acme-security | {Rotator} | no image | KeyDisabled {Key}/cryptoKeyVersions/1 UpdateCryptoKeyVersion"] },
        { "composed/kms-enable-version", [$"TrustChange Administration @acme-security | {Rotator} | no image | KeyEnabled {Key}/cryptoKeyVersions/1 UpdateCryptoKeyVersion"] },
        { "composed/kms-restore-version", [$"TrustChange Administration @acme-security | {Rotator} | no image | KeyRestored {Key}/cryptoKeyVersions/1 RestoreCryptoKeyVersion"] },
        { "composed/kms-set-iam-key", [$"TrustChange Administration @acme-security | {Rotator} | no image | Access {Key} SetIamPolicy"] },
        { "cv-config-error", [$"ContinuousValidation Gke {Cluster} | no image"] },
        { "cv-violation", [$"ContinuousValidation Gke {Cluster} | payments Pod/web-7d9f8c6b5-abcde | {Debug}"] },
        { "gdc-dryrun", [$"DryRunDenial DistributedCloud {Cluster} | payments Pod/web-7d9f default | {Alice} | {Debug}"] },
        { "gke-breakglass-conformant", [$"BreakGlass Gke {Cluster} | payments Pod/web-7d9f default | {Alice} | {Web}"] },
        { "gke-breakglass-label", [$"BreakGlass Gke {Cluster} | payments Pod/web-7d9f default | {Alice} | {Debug} | {Release}"] },
        { "gke-deny-always-deny", [$"Denial Gke {Cluster} | default Pod/nginx default | {Alice} | nginx:latest"] },
        { "gke-deny-legacy-forbidden", [$"Denial Gke {Cluster} | payments Pod/web-7d9f default | {Alice} | {Debug} | {Release}"] },
        { "gke-deny-no-attestation", [$"Denial Gke {Cluster} | payments Pod/web-7d9f default | {Alice} | {Debug} | {Release}"] },
        { "gke-deny-replicaset", [$"Denial Gke {Cluster} | payments ReplicaSet/web-7d9f8c6b5 default | system:serviceaccount:kube-system:replicaset-controller | {Debug} | {Release}"] },
        { "gke-deny-tag-not-digest", [$"Denial Gke {Cluster} | payments Pod/web-7d9f default | {Alice} | us-docker.pkg.dev/acme-prod/apps/web:latest | {Release}"] },
        { "gke-dryrun-would-deny", [$"DryRunDenial Gke {Cluster} | payments Pod/web-7d9f default | {Alice} | {Debug} | {Release}"] },
        { "gke-failopen", [$"FailOpen Gke {Cluster} | payments Pod/web-7d9f default | {Alice} | {Debug}"] },
        { "gke-failopen-alt-label", [$"FailOpen Gke {Cluster} | payments Pod/web-7d9f default | {Alice} | {Debug}"] },
        { "kms-destroy-version", [$"TrustChange Administration @acme-security | {Rotator} | no image | KeyDestroyed {Key}/cryptoKeyVersions/1 DestroyCryptoKeyVersion"] },
        { "kms-disable-version", [$"TrustChange Administration @acme-security | {Rotator} | no image | KeyDisabled {Key}/cryptoKeyVersions/1 UpdateCryptoKeyVersion"] },
    };

    public static TheoryData<string, string> Negatives => new()
    {
        { "ar-docker-put-manifest", "tell nothing about admission or trust" },
        { "cloudrun-unpullable-NOT-binauthz", "what Cloud Run says of the deployment is not Binary Authorization's verdict" },
        { "composed/binauthz-update-policy-refused-NOT-a-change", "'UpdatePolicy' failed and changed nothing" },
        { "composed/cloudrun-words-NOT-binauthz", "what Cloud Run says of the deployment is not Binary Authorization's verdict" },
        { "composed/gke-breakglass-pod-deleted-NOT-binauthz", "'io.k8s.core.v1.pods.delete' brings no images" },
        { "composed/gke-breakglass-rbac-refused-NOT-binauthz", "the pod was refused, but not by Binary Authorization" },
        { "composed/gke-gatekeeper-quotes-denial-NOT-binauthz", "the pod was refused, but not by Binary Authorization" },
        { "composed/gke-rbac-quotes-denial-NOT-binauthz", "the pod was refused, but not by Binary Authorization" },
        { "composed/grafeas-set-iam-occurrence-NOT-a-change", "'google.devtools.containeranalysis.v1.ContainerAnalysis.SetIamPolicy' changes nothing that is trusted" },
        { "composed/kms-update-version-NOT-a-change", "'UpdateCryptoKeyVersion' changes nothing that is trusted" },
        { "gke-failopen-other-webhook-NOT-binauthz", "the pod was admitted, and no label says that it should not have been" },
        { "gke-gatekeeper-deny-NOT-binauthz", "the pod was refused, but not by Binary Authorization" },
        { "gke-rbac-forbidden-NOT-binauthz", "the pod was refused, but not by Binary Authorization" },
        { "grafeas-create-occurrence", "tell nothing about admission or trust" },
        { "grafeas-delete-occurrence", "tell nothing about admission or trust" },
        { "kms-asymmetric-sign", "tell nothing about admission or trust" },
        { "kms-create-version", "'CreateCryptoKeyVersion' changes nothing that is trusted" },
    };

    [Theory]
    [MemberData(nameof(Positives))]
    public void Read_Sample_GivesTheFindings(string sample, string[] expected)
    {
        var reading = LogSamples.Read(sample);

        Assert.Equal(expected, reading.Findings.Select(LogSamples.Describe));
        Assert.Empty(reading.Ignored);
        Assert.All(reading.Findings, finding => Assert.NotEmpty(finding.Message));
    }

    [Theory]
    [MemberData(nameof(Negatives))]
    public void Read_NegativeControl_SaysWhyItIsIgnored(string sample, string reason)
    {
        var reading = LogSamples.Read(sample);

        Assert.Empty(reading.Findings);
        Assert.Contains(reason, reading.Ignored, StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_NameEverySample() =>
        Assert.Equal(LogSamples.Names, Positives.Select(row => row.Data.Item1).Concat(Negatives.Select(row => row.Data.Item1)).Order(StringComparer.Ordinal));

    [Fact]
    public void Negatives_AreWhatTheirNamesSay() => Assert.All(Positives, row => Assert.DoesNotContain("NOT", row.Data.Item1, StringComparison.Ordinal));
}
