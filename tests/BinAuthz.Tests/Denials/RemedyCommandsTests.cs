using System.Diagnostics;
using System.Text.Json.Nodes;
using BinAuthz.Attestations;
using BinAuthz.Denials;

namespace BinAuthz.Tests.Denials;

public sealed class RemedyCommandsTests
{
    [Theory]
    [InlineData("production-attestor", "projects/acme-prod/locations/us-central1/keyRings/production-binauthz/cryptoKeys/attestor-key", "")]
    [InlineData("production-scanned", "projects/acme-prod/locations/us-central1/keyRings/production-binauthz/cryptoKeys/production-scanned-key", "")]
    [InlineData("production-attestor", "projects/acme-prod/locations/europe-west1/keyRings/production-binauthz/cryptoKeys/attestor-key", " --location europe-west1")]
    [InlineData("production-attestor", "projects/acme-security/locations/us-central1/keyRings/production-binauthz/cryptoKeys/attestor-key", " --key projects/acme-security/locations/us-central1/keyRings/production-binauthz/cryptoKeys/attestor-key")]
    [InlineData("release", "projects/acme-prod/locations/us-central1/keyRings/ours/cryptoKeys/k", " --key projects/acme-prod/locations/us-central1/keyRings/ours/cryptoKeys/k")]
    [InlineData("release", null, "")]
    public void Sign_Attestor_HasTheOptionsThatItsKeyNeeds(string attestor, string? key, string options) =>
        Assert.Equal($"binauthz sign {DenialSamples.Image}{options}", RemedyCommands.Sign(DenialSamples.Image, DenialSamples.Attestor(attestor, key)));

    [Theory]
    [InlineData("production-attestor", "binauthz setup acme-prod production")]
    [InlineData("staging-attestor", "binauthz setup acme-prod staging")]
    [InlineData("production-scanned", "binauthz setup acme-prod production --attestor production-scanned")]
    [InlineData("release", "")]
    public void SetUp_Attestor_NamesTheEnvironmentOrNothing(string attestor, string command) =>
        Assert.Equal(command, RemedyCommands.SetUp(AttestorName.Parse($"projects/acme-prod/attestors/{attestor}")));

    [Theory]
    [InlineData("Deployment/web")]
    [InlineData("CronJob/web")]
    [InlineData("ReplicaSet/web-5d8f")]
    public void Pin_OwnerOfPods_PutsTheDigestInWithPlainTools(string owner)
    {
        var tagged = $"{DenialSamples.Image.Name}:1.0";
        var command = RemedyCommands.Pin(DenialSamples.Of(FindingKind.Denial, tagged) with { Workload = owner }, DenialSamples.Image);
        var json = $$"""{"image": "{{tagged}}", "other": "{{tagged}}-x", "init": {"image": "{{tagged.Replace('.', 'x')}}"} }""";

        var replaced = JsonNode.Parse(Shell($"kubectl() {{ case \"$1 $2\" in get\\ replicaset/*) echo Deployment/web;; get\\ [dDc]*/web) echo '{json}';; replace*) cat;; esac; }}; {command}"))!;

        Assert.Equal(DenialSamples.Image.ToString(), (string?)replaced["image"]);
        Assert.Equal(($"{tagged}-x", tagged.Replace('.', 'x')), ((string?)replaced["other"], (string?)replaced["init"]!["image"]));
    }

    [Theory]
    [InlineData("Pod/web", "shop", "a.b/c:1")]
    [InlineData("Job/web", "shop", "a.b/c:1")]
    [InlineData("", "shop", "a.b/c:1")]
    [InlineData("Deployment/web;id", "shop", "a.b/c:1")]
    [InlineData("Deployment/-web", "shop", "a.b/c:1")]
    [InlineData("Deployment/web", "", "a.b/c:1")]
    [InlineData("Deployment/web", "$(id)", "a.b/c:1")]
    [InlineData("Deployment/web", "shop", "nginx")]
    [InlineData("Deployment/web", "shop", "a.b/c|e id|:1")]
    [InlineData("Deployment/web", "shop", null)]
    public void Pin_CannotBeDoneSafely_IsEmpty(string owner, string @namespace, string? image) =>
        Assert.Empty(RemedyCommands.Pin(DenialSamples.Of(FindingKind.Denial, image) with { Workload = owner, Namespace = @namespace }, DenialSamples.Image));

    [Theory]
    [InlineData("Service/web", "services")]
    [InlineData("Job/web", "jobs")]
    public void Pin_CloudRun_Deploys(string workload, string kind) => Assert.Equal(
        $"gcloud run {kind} update prod --image={DenialSamples.Image} --region=us-central1 --project=acme-prod",
        RemedyCommands.Pin(DenialSamples.Of(FindingKind.Denial, "a.b/c:1", FindingPlatform.CloudRun) with { Workload = workload }, DenialSamples.Image));

    private static string Shell(string script)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh") { RedirectStandardOutput = true, ArgumentList = { "-c", script } })!;
        var printed = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        return printed;
    }
}
