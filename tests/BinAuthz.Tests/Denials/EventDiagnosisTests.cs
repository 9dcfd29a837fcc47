using BinAuthz.Denials;

namespace BinAuthz.Tests.Denials;

public sealed class EventDiagnosisTests
{
    private const string Check = "kubectl get pods --namespace=shop --output=yaml | binauthz check --file - --project=acme-prod --cluster=us-central1.prod";
    private const string Entry = "gcloud logging read 'insertId=\"1x2y\" AND timestamp>=\"2026-10-01T08:15:30.500Z\"' --project=acme-prod --format=json";
    private const string Version = "projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/3";

    [Theory]
    [InlineData(nameof(FindingKind.BreakGlass), null, nameof(DiagnosisCause.BreakGlassUsed), Check)]
    [InlineData(nameof(FindingKind.FailOpen), "a.b/c:1", nameof(DiagnosisCause.WebhookUnavailable), Check)]
    [InlineData(nameof(FindingKind.CheckFailed), null, nameof(DiagnosisCause.CheckFailed), Entry)]
    [InlineData(nameof(FindingKind.ContinuousValidation), "a.b/c:1", nameof(DiagnosisCause.PlatformPolicyViolated), "kubectl get pods --namespace=shop --output=wide")]
    [InlineData(nameof(FindingKind.ContinuousValidation), null, nameof(DiagnosisCause.PlatformPolicyMisconfigured), Entry)]
    [InlineData(nameof(FindingKind.TrustChange), null, nameof(DiagnosisCause.Undetermined), Entry)]
    public void Of_Finding_HasCauseRemedyAndCommand(string kind, string? image, string cause, string command)
    {
        var diagnosis = EventDiagnosis.Of(DenialSamples.Of(Enum.Parse<FindingKind>(kind), image));

        Assert.Equal((cause, command), (diagnosis.Cause.ToString(), diagnosis.Command));
        Assert.NotEmpty(diagnosis.Detail);
        Assert.NotEmpty(diagnosis.Remedy);
    }

    [Fact]
    public void Of_BreakGlassOnCloudRun_ReadsTheEntryAndTellsTheJustification()
    {
        var diagnosis = EventDiagnosis.Of(DenialSamples.Of(FindingKind.BreakGlass, platform: FindingPlatform.CloudRun) with { Justification = "the till was down" });

        Assert.Equal(Entry, diagnosis.Command);
        Assert.Contains("the till was down", diagnosis.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1\" OR \"\"=\"")]
    [InlineData("")]
    [InlineData("$(id)")]
    public void ReadEntry_IdThatIsNone_IsEmpty(string id) =>
        Assert.Empty(EventDiagnosis.ReadEntry(DenialSamples.Of(FindingKind.Denial).Source with { InsertId = id }));

    [Theory]
    [InlineData(nameof(TrustChangeKind.Policy), "projects/p/policy", "binauthz policy diff policy.yaml --project=p")]
    [InlineData(nameof(TrustChangeKind.Policy), "projects/p/platforms/gke/policies/q", Entry)]
    [InlineData(nameof(TrustChangeKind.Attestor), "projects/p/attestors/a", "gcloud container binauthz attestors describe a --project=p")]
    [InlineData(nameof(TrustChangeKind.AttestorDeleted), "projects/p/attestors/production-attestor", "binauthz setup p production")]
    [InlineData(nameof(TrustChangeKind.AttestorDeleted), "projects/p/attestors/a", Entry)]
    [InlineData(nameof(TrustChangeKind.Access), "projects/p/attestors/a", "gcloud container binauthz attestors get-iam-policy a --project=p")]
    [InlineData(nameof(TrustChangeKind.Access), "projects/p/policy", "gcloud container binauthz policy get-iam-policy --project=p")]
    [InlineData(nameof(TrustChangeKind.Access), "projects/p/locations/l/keyRings/r/cryptoKeys/k", "gcloud kms keys get-iam-policy k --keyring=r --location=l --project=p")]
    [InlineData(nameof(TrustChangeKind.Access), "projects/p/notes/n", Entry)]
    [InlineData(nameof(TrustChangeKind.KeyDisabled), Version, "gcloud kms keys versions describe 3 --key=k --keyring=r --location=l --project=p")]
    [InlineData(nameof(TrustChangeKind.KeyEnabled), Version, "gcloud kms keys versions describe 3 --key=k --keyring=r --location=l --project=p")]
    [InlineData(nameof(TrustChangeKind.KeyDestroyed), Version, "gcloud kms keys versions describe 3 --key=k --keyring=r --location=l --project=p")]
    [InlineData(nameof(TrustChangeKind.KeyRestored), Version, "gcloud kms keys versions describe 3 --key=k --keyring=r --location=l --project=p")]
    [InlineData(nameof(TrustChangeKind.KeyDisabled), "projects/$(id)/x", Entry)]
    public void Of_TrustChange_LooksAtWhatWasChanged(string kind, string resource, string command)
    {
        var diagnosis = EventDiagnosis.Of(DenialSamples.Of(FindingKind.TrustChange) with { Principal = "eve@acme.example", Change = new TrustChange(Enum.Parse<TrustChangeKind>(kind), resource, "Update") });

        Assert.Equal((DiagnosisCause.TrustChanged, command), (diagnosis.Cause, diagnosis.Command));
        Assert.Contains($"{resource} by eve@acme.example", diagnosis.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_RevokedKey_TellsWhyWhatFollowsAndWhereToLook()
    {
        var diagnosis = EventDiagnosis.Of(Assert.Single(LogSamples.Read("composed/binauthz-key-revoked").Findings));

        Assert.Equal((DiagnosisCause.KeyRevoked, "binauthz rotate status --project=acme-security --environment=production"), (diagnosis.Cause, diagnosis.Command));
        Assert.Contains("cryptoKeyVersions/1 was revoked by the rotate-key function, compromised since 2026-09-28T08:00:00.000Z: a build machine was broken into.", diagnosis.Detail, StringComparison.Ordinal);
        Assert.Contains("3 images wait for approval anew, 1 stay blocked, and 1 of them run now, such as us-central1-docker.pkg.dev/acme-prod/app/server@sha256:", diagnosis.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("event", "Other")]
    [InlineData("keyVersion", "projects/p/x")]
    public void Read_OtherEntryOfOurLog_TellsOfNothing(string field, string value) =>
        Assert.Equal("it does not tell of a key version that was revoked", LogSamples.Read("composed/binauthz-key-revoked", entry => entry["jsonPayload"]![field] = value).Ignored);
}
