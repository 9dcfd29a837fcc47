using BinAuthz.Cli.Emulation;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Keys;
using BinAuthz.Setup;
using BinAuthz.Signing;

namespace BinAuthz.EndToEnd.Tests.Signing;

/// <summary>Two attestors of one environment, on the same event.</summary>
public sealed class SeveralAttestorsTests
{
    private const string KeyRing = "projects/acme-prod/locations/us-central1/keyRings/production-binauthz";

    private static readonly AttestorSetup Own = DeploymentEnvironment.Production.Attestor(SigningWorld.Project, SigningWorld.Location);
    private static readonly AttestorSetup Scanned = DeploymentEnvironment.Production.FurtherAttestor(SigningWorld.Project, SigningWorld.Location, "production-scanned");

    [Fact]
    public async Task SignAsync_BothApprove_EachAttestsWithItsKeyUnderItsNote()
    {
        await using var world = await StartAsync();
        var image = await PushAsync(world, "LOW");

        var outcomes = await SignAsync(world, image);

        Assert.Equal([(Own.Attestor, "signed"), (Scanned.Attestor, "signed")], outcomes.Select(outcome => (outcome.Attestor, outcome.Code)));
        foreach (var attestor in new[] { Own, Scanned })
        {
            var attestation = Assert.Single(await world.Get<ContainerAnalysisClient>().ListAttestationsAsync(attestor.Note, [image.Digest], TestContext.Current.CancellationToken));
            Assert.Equal(attestor.Key.Version(1).PublicKeyId, Assert.Single(attestation.Signatures).PublicKeyId);
            Assert.Null(await world.Get<BinaryAuthorizationClient>().RefusalAsync(attestor.Attestor, attestation, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task SignAsync_OneRejects_TheOtherAttests()
    {
        await using var world = await StartAsync();
        var image = await PushAsync(world, "CRITICAL");

        var outcomes = await SignAsync(world, image);

        Assert.Equal(["signed", "rejected"], outcomes.Select(outcome => outcome.Code));
        Assert.Single(await world.AttestationsAsync(image.Digest));
        Assert.Empty(await world.Get<ContainerAnalysisClient>().ListAttestationsAsync(Scanned.Note, [image.Digest], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task SignAsync_OneIsADryRun_DecidesAndSignsNothing()
    {
        await using var world = await StartAsync("mode: dryRun");
        var image = await PushAsync(world, "LOW");

        var outcomes = await SignAsync(world, image);

        Assert.Equal(["signed", "would_sign"], outcomes.Select(outcome => outcome.Code));
        Assert.NotEmpty(outcomes[1].Rules);
        Assert.Empty(await world.Get<ContainerAnalysisClient>().ListAttestationsAsync(Scanned.Note, [image.Digest], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task SignAsync_OneWasNeverSetUp_TheOtherAttestsAndTheErrorIsTold()
    {
        await using var world = await SigningWorld.StartAsync(policy: Policy(""));
        WorldAccess.Enforce(world.Emulator, SigningWorld.Project, "production", "production-scanned");
        var image = await PushAsync(world, "LOW");

        var error = await Assert.ThrowsAsync<GoogleCallException>(() => SignAsync(world, image));

        Assert.Contains(Scanned.Key.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Single(await world.AttestationsAsync(image.Digest));
    }

    [Fact]
    public async Task SetUp_FurtherAttestor_IsRequiredByThePolicyAndChangesNothingTwice()
    {
        await using var world = await StartAsync();

        var policy = await world.Get<BinaryAuthorizationClient>().GetPolicyAsync(SigningWorld.Project, TestContext.Current.CancellationToken);
        var again = await world.Get<TrustSetup>().PlanAsync(Request, TestContext.Current.CancellationToken);

        Assert.Equal([Own.Attestor.ToString(), Scanned.Attestor.ToString()], policy.DefaultAdmissionRule.RequireAttestationsBy);
        Assert.DoesNotContain(again, step => step.Change);
    }

    [Theory]
    [InlineData("staging-scanned")]
    [InlineData("a/b")]
    public void FurtherAttestor_NameOfAnotherEnvironmentOrNone_IsRefused(string id)
    {
        var error = Assert.Throws<ConfigurationException>(() => DeploymentEnvironment.Production.FurtherAttestor(SigningWorld.Project, SigningWorld.Location, id));

        Assert.Contains(id, error.Message, StringComparison.Ordinal);
    }

    private static SetupRequest Request => new(SigningWorld.Project, DeploymentEnvironment.Production, SigningWorld.Location, SignatureAlgorithm.Default) { FurtherAttestors = ["production-scanned"] };

    private static string Policy(string setting) => $$"""
        environment: production
        attestors:
          - attestor: {{Own.Attestor}}
            key: {{KeyRing}}/cryptoKeys/attestor-key
            rules:
              repositories: [us-central1-docker.pkg.dev/acme-prod/app/**]
              provenance: none
          - attestor: {{Scanned.Attestor}}
            key: {{KeyRing}}/cryptoKeys/production-scanned-key
            {{setting}}
            rules:
              repositories: none
              provenance: none
              vulnerabilities: {maximumFixable: LOW, maximumUnfixable: LOW, maxAge: 30d}
        """;

    private static async Task<SigningWorld> StartAsync(string setting = "")
    {
        var world = await SigningWorld.StartAsync(policy: Policy(setting));
        await world.Get<TrustSetup>().ApplyAsync(Request, new Progress<SetupStep>(), TestContext.Current.CancellationToken);
        WorldAccess.Enforce(world.Emulator, SigningWorld.Project, "production", "production-scanned");
        return world;
    }

    private static async Task<ImageReference> PushAsync(SigningWorld world, string severity)
    {
        var image = await world.PushAsync();
        await VulnerabilityScan.RecordAsync(world.Http, image.ToString(), "FINISHED_SUCCESS", [new ScannedVulnerability("CVE-2026-1", severity, true)], TestContext.Current.CancellationToken);
        return image;
    }

    private static Task<IReadOnlyList<SigningOutcome>> SignAsync(SigningWorld world, ImageReference image) => world.Signer.SignAsync(image, TestContext.Current.CancellationToken);
}
