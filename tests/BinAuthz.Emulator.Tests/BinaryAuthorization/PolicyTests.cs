using Google.Cloud.BinaryAuthorization.V1;
using Grpc.Core;
using EnforcementMode = Google.Cloud.BinaryAuthorization.V1.AdmissionRule.Types.EnforcementMode;
using EvaluationMode = Google.Cloud.BinaryAuthorization.V1.AdmissionRule.Types.EvaluationMode;

namespace BinAuthz.Emulator.Tests.BinaryAuthorization;

public sealed class PolicyTests
{
    private const string Name = BinauthzFixture.Project + "/policy";

    [Fact]
    public async Task GetPolicy_NoneSet_AllowsEverything()
    {
        await using var emulator = await TestEmulator.StartAsync();

        var (status, policy) = await emulator.SendAsync(HttpMethod.Get, $"/v1/{Name}");

        Assert.Equal((200, Name, "ENABLE"), (status, (string?)policy["name"], (string?)policy["globalPolicyEvaluationMode"]));
        Assert.Equal("ALWAYS_ALLOW", (string?)policy["defaultAdmissionRule"]!["evaluationMode"]);
    }

    [Fact]
    public async Task UpdatePolicy_WithAttestor_ComesBackFromV1AndBeta()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var binauthz = new BinauthzFixture(emulator);
        await binauthz.CreateAsync();

        var stored = await binauthz.Service.UpdatePolicyAsync(new UpdatePolicyRequest { Policy = NewPolicy() }, cancellationToken: TestEmulator.Stop);
        var (_, beta) = await emulator.SendAsync(HttpMethod.Get, $"/v1beta1/{Name}");

        Assert.Equal(stored, await binauthz.Service.GetPolicyAsync(new GetPolicyRequest { Name = Name }, cancellationToken: TestEmulator.Stop));
        Assert.Equal((BinauthzFixture.Name, stored.Etag), ((string?)beta["clusterAdmissionRules"]!["us-central1.prod"]!["requireAttestationsBy"]![0], (string?)beta["etag"]));
    }

    [Fact]
    public async Task UpdatePolicy_StaleEtag_IsAborted()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var binauthz = new BinauthzFixture(emulator);
        await binauthz.CreateAsync();
        var first = await binauthz.Service.UpdatePolicyAsync(new UpdatePolicyRequest { Policy = NewPolicy() }, cancellationToken: TestEmulator.Stop);
        var changed = first.Clone();
        changed.Description = "changed";
        await binauthz.Service.UpdatePolicyAsync(new UpdatePolicyRequest { Policy = changed }, cancellationToken: TestEmulator.Stop);

        var stale = await TestEmulator.FailureAsync(binauthz.Service.UpdatePolicyAsync(new UpdatePolicyRequest { Policy = first }, cancellationToken: TestEmulator.Stop));

        Assert.Equal(StatusCode.Aborted, stale.StatusCode);
    }

    public static TheoryData<string> BadPolicies =>
    [
        "two-maps", "bare-star", "star-in-the-middle", "no-path", "unknown-attestor", "malformed-attestor", "attestation-without-attestors", "attestors-without-attestation",
        "no-evaluation-mode", "no-enforcement-mode", "no-default-rule", "cluster-without-location", "bad-service-account", "wrong-name",
    ];

    [Theory]
    [MemberData(nameof(BadPolicies))]
    public async Task UpdatePolicy_BadPolicy_InvalidArgument(string what)
    {
        await using var emulator = await TestEmulator.StartAsync();
        var binauthz = new BinauthzFixture(emulator);
        await binauthz.CreateAsync();
        var policy = NewPolicy();
        Spoil(policy, what);

        var error = await TestEmulator.FailureAsync(binauthz.Service.UpdatePolicyAsync(new UpdatePolicyRequest { Policy = policy }, cancellationToken: TestEmulator.Stop));
        var kept = await binauthz.Service.GetPolicyAsync(new GetPolicyRequest { Name = Name }, cancellationToken: TestEmulator.Stop);

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Empty(kept.Etag);
    }

    [Theory]
    [InlineData("us-docker.pkg.dev/acme-prod/base-images/*")]
    [InlineData("gcr.io/google-samples/**")]
    [InlineData("gcr.io/*")]
    [InlineData("gcr.io/p/nginx:v1.*")]
    [InlineData("gcr.io/p/nginx@*")]
    public async Task UpdatePolicy_ValidPattern_IsAccepted(string pattern)
    {
        await using var emulator = await TestEmulator.StartAsync();
        var policy = new Policy { Name = Name, AdmissionWhitelistPatterns = { new AdmissionWhitelistPattern { NamePattern = pattern } }, DefaultAdmissionRule = Rule(EvaluationMode.AlwaysDeny) };

        var stored = await new BinauthzFixture(emulator).Service.UpdatePolicyAsync(new UpdatePolicyRequest { Policy = policy }, cancellationToken: TestEmulator.Stop);

        Assert.Equal(pattern, stored.AdmissionWhitelistPatterns[0].NamePattern);
    }

    [Theory]
    [InlineData("/v1/locations/us-central1/policy")]
    [InlineData("/v1alpha2/locations/global/policy")]
    public async Task GetSystemPolicy_AnyLocation_ListsGoogleImages(string path)
    {
        await using var emulator = await TestEmulator.StartAsync();

        var (status, policy) = await emulator.SendAsync(HttpMethod.Get, path);

        Assert.Equal((200, "gke.gcr.io/**"), (status, (string?)policy["admissionWhitelistPatterns"]![0]!["namePattern"]));
    }

    [Fact]
    public async Task ContinuousValidationConfig_Enabled_StaysEnabled()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var path = $"/v1alpha2/{BinauthzFixture.Project}/continuousValidationConfig";

        var (before, _) = await emulator.SendAsync(HttpMethod.Get, path);
        var (put, _) = await emulator.SendAsync(HttpMethod.Put, path, """{"enforcementPolicyConfig": {"enabled": true}, "name": "projects/acme-prod/continuousValidationConfig"}""");
        var (_, after) = await emulator.SendAsync(HttpMethod.Get, path);

        Assert.Equal((200, 200, true), (before, put, (bool)after["enforcementPolicyConfig"]!["enabled"]!));
    }

    [Fact]
    public async Task Restart_WithDataDirectory_KeepsAttestorsAndPolicy()
    {
        var folder = Directory.CreateTempSubdirectory("emulator-binauthz-");
        try
        {
            Policy stored;
            await using (var emulator = await TestEmulator.StartAsync(new EmulatorOptions { DataDirectory = folder.FullName }))
            {
                var binauthz = new BinauthzFixture(emulator);
                await binauthz.CreateAsync(BinauthzFixture.Key(BinauthzFixture.NewPem()));
                stored = await binauthz.Service.UpdatePolicyAsync(new UpdatePolicyRequest { Policy = NewPolicy() }, cancellationToken: TestEmulator.Stop);
            }

            await using var second = await TestEmulator.StartAsync(new EmulatorOptions { DataDirectory = folder.FullName });
            var service = new BinauthzFixture(second).Service;
            var attestor = await service.GetAttestorAsync(new GetAttestorRequest { Name = BinauthzFixture.Name }, cancellationToken: TestEmulator.Stop);

            Assert.Single(attestor.UserOwnedGrafeasNote.PublicKeys);
            Assert.Equal(stored, await service.GetPolicyAsync(new GetPolicyRequest { Name = Name }, cancellationToken: TestEmulator.Stop));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Policy NewPolicy()
    {
        var rule = Rule(EvaluationMode.RequireAttestation);
        rule.RequireAttestationsBy.Add(BinauthzFixture.Name);
        return new Policy { Name = Name, DefaultAdmissionRule = Rule(EvaluationMode.AlwaysDeny), ClusterAdmissionRules = { ["us-central1.prod"] = rule } };
    }

    private static AdmissionRule Rule(EvaluationMode mode) => new() { EvaluationMode = mode, EnforcementMode = EnforcementMode.EnforcedBlockAndAuditLog };

    private static void Spoil(Policy policy, string what)
    {
        var specific = policy.ClusterAdmissionRules["us-central1.prod"];
        _ = what switch
        {
            "two-maps" => Do(() => policy.KubernetesNamespaceAdmissionRules["payments"] = Rule(EvaluationMode.AlwaysAllow)),
            "bare-star" => Do(() => policy.AdmissionWhitelistPatterns.Add(new AdmissionWhitelistPattern { NamePattern = "*" })),
            "star-in-the-middle" => Do(() => policy.AdmissionWhitelistPatterns.Add(new AdmissionWhitelistPattern { NamePattern = "gcr.io/*/x" })),
            "no-path" => Do(() => policy.AdmissionWhitelistPatterns.Add(new AdmissionWhitelistPattern { NamePattern = "nginx" })),
            "unknown-attestor" => Do(() => specific.RequireAttestationsBy.Add("projects/acme-prod/attestors/nobody")),
            "malformed-attestor" => Do(() => specific.RequireAttestationsBy.Add("production-attestor")),
            "attestation-without-attestors" => Do(specific.RequireAttestationsBy.Clear),
            "attestors-without-attestation" => Do(() => specific.EvaluationMode = EvaluationMode.AlwaysAllow),
            "no-evaluation-mode" => Do(() => specific.EvaluationMode = default),
            "no-enforcement-mode" => Do(() => specific.EnforcementMode = default),
            "no-default-rule" => Do(() => policy.DefaultAdmissionRule = null),
            "cluster-without-location" => Do(() => policy.ClusterAdmissionRules["prod"] = Rule(EvaluationMode.AlwaysDeny)),
            "bad-service-account" => Do(() =>
            {
                policy.ClusterAdmissionRules.Clear();
                policy.KubernetesServiceAccountAdmissionRules["payments"] = Rule(EvaluationMode.AlwaysDeny);
            }),
            _ => Do(() => policy.Name = "projects/acme-prod/policies/x"),
        };
    }

    private static bool Do(Action action)
    {
        action();
        return true;
    }
}
