using BinAuthz.Alerting;
using BinAuthz.Denials;

namespace BinAuthz.Tests.Alerting;

/// <summary>Findings and what is made of them.</summary>
internal static class AlertSamples
{
    public const string Image = "us-docker.pkg.dev/acme-prod/apps/web@sha256:ceffe727ab2fa2c7c3322ee4a1aa0c2d2a4664836c2133df93dd15055bb617be";

    public static readonly DateTimeOffset Now = new(2026, 10, 1, 9, 0, 4, 654, TimeSpan.Zero);

    public static readonly Diagnosis NotAttested = new(DiagnosisCause.NotAttested, "No attestation.", "Sign it.", $"binauthz sign {Image}");

    public static Finding Denial { get; } = new(
        FindingKind.Denial,
        new FindingSource("0b1f2c3d", Now, "acme-prod", FindingPlatform.Gke, "us-central1.prod", "projects/acme-prod/logs/cloudaudit.googleapis.com%2Factivity"),
        Image,
        "denied by attestor projects/acme-prod/attestors/production-attestor")
    {
        Namespace = "payments",
        Workload = "Deployment/web",
        Principal = "system:serviceaccount:kube-system:replicaset-controller",
    };

    public static AlertClaim Claim(Finding finding, Diagnosis? diagnosis = null, string environment = "production")
    {
        var subject = AlertSubject.Of(finding, environment);
        var window = new AlertWindow(subject.Id, (diagnosis ?? NotAttested).Cause, 1);
        var opening = new AlertOpening(window, LoggedAt.Of(finding.Source, "1001"), Now, Now + TimeSpan.FromHours(1));
        return new AlertClaim(opening, AlertComposer.First(finding, diagnosis ?? NotAttested, subject, window, Now));
    }
}
