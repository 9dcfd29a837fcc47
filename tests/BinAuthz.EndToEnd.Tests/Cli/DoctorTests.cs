using System.Security.Cryptography;
using System.Text.Json.Nodes;
using BinAuthz.Cli;
using BinAuthz.GoogleCloud;
using BinAuthz.Setup;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Authz = Google.Cloud.BinaryAuthorization.V1;
using Enforcement = Google.Cloud.BinaryAuthorization.V1.AdmissionRule.Types.EnforcementMode;
using GrafeasApi = Grafeas.V1.Grafeas;
using Kms = Google.Cloud.Kms.V1;
using PubSub = Google.Cloud.PubSub.V1;

namespace BinAuthz.EndToEnd.Tests.Cli;

/// <summary><c>binauthz doctor</c> of environments on an emulator, in each of which one thing is broken.</summary>
public sealed class DoctorTests(DoctorFixture fixture) : IClassFixture<DoctorFixture>, IDisposable
{
    // What setup does not make: it belongs to the deployment of the functions.
    private static readonly string[] LeftToOthers = ["subscription"];

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("binauthz-doctor-");

    [Theory]
    [InlineData("production")]
    [InlineData("staging")]
    [InlineData("development")]
    public async Task Doctor_FreshEnvironment_IsWell(string environment)
    {
        var project = await fixture.SetUpAsync(environment);

        var (code, answer) = await RunAsync(project, environment, "--cluster", "us-central1-a.prod");

        Assert.Equal((ExitCode.Ok, ""), (code, Problems(answer)));
        Assert.Equal((0, 0), (answer["failed"]!.GetValue<int>(), answer["unchecked"]!.GetValue<int>()));
        Assert.Empty(Checks(answer).Where(check => Text(check, "status") == "warning").Select(check => Text(check, "check")).Except(LeftToOthers));
    }

    [Fact]
    public async Task Doctor_Json_TellsWhatWasCheckedAndFoundAndWhatMendsIt()
    {
        var project = await fixture.SetUpAsync();

        var (_, answer) = await RunAsync(project, "production", "--bucket", "doctor-missing");

        Assert.Equal(["project", "environment", "ok", "warnings", "unchecked", "failed", "checks"], answer.AsObject().Select(member => member.Key));
        Assert.All(Checks(answer), check => Assert.Equal(["check", "resource", "status", "transient", "found", "remedy"], check.AsObject().Select(member => member.Key)));
        Assert.Equal(Checks(answer).Count(), new[] { "ok", "warnings", "unchecked", "failed" }.Sum(count => answer[count]!.GetValue<int>()));
        var bucket = Assert.Single(Checks(answer), check => Text(check, "check") == "evidence-bucket");
        Assert.Equal(("gs://doctor-missing", "failed"), (Text(bucket, "resource"), Text(bucket, "status")));
        Assert.Contains($"`binauthz setup {project} production`", Text(bucket, "remedy"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("attestor deleted", "failed attestor")]
    [InlineData("attestor emptied", "failed attestor|failed signing-version")]
    [InlineData("public key exchanged", "failed trusted-key")]
    [InlineData("note deleted", "failed note")]
    [InlineData("version disabled", "failed signing-version")]
    [InlineData("policy open", "failed policy-always-allow-in-production|failed attestor-in-rule")]
    [InlineData("policy dry run", "failed policy-dry-run-in-production")]
    [InlineData("system pods blocked", "failed system-images")]
    [InlineData("decisions topic deleted", "failed decisions-topic")]
    [InlineData("signer's role taken away", "failed grant")]
    [InlineData("custom role deleted", "failed custom-role")]
    public async Task Doctor_OneThingBroken_IsWhatFails(string breakage, string expected)
    {
        var project = await fixture.SetUpAsync();
        await BreakAsync(project, breakage);

        var (code, answer) = await RunAsync(project, "production");

        Assert.Equal((ExitCode.Refused, expected), (code, Problems(answer)));
    }

    [Fact]
    public async Task Doctor_AttestorDeleted_IsWellAfterTheRemedy()
    {
        var project = await fixture.SetUpAsync();
        await BreakAsync(project, "attestor deleted");
        var (_, broken) = await RunAsync(project, "production");

        var command = Text(Checks(broken).Single(check => Text(check, "check") == "attestor"), "remedy").Split('`')[1].Split(' ');
        Assert.Equal("binauthz", command[0]);
        await CommandLine.RunAsync(Endpoint, command[1..]);
        var (code, answer) = await RunAsync(project, "production");

        Assert.Equal((ExitCode.Ok, ""), (code, Problems(answer)));
    }

    [Fact]
    public async Task Doctor_VersionMadeAndNotListed_Warns()
    {
        var project = await fixture.SetUpAsync();
        var key = DeploymentEnvironment.Production.Key(project, "us-central1");
        await Keys.CreateCryptoKeyVersionAsync(new Kms.CreateCryptoKeyVersionRequest { Parent = key.ToString(), CryptoKeyVersion = new Kms.CryptoKeyVersion() }, cancellationToken: Stop);

        var (code, answer) = await RunAsync(project, "production");

        Assert.Equal(ExitCode.Ok, code);
        var warning = Assert.Single(Checks(answer), check => Text(check, "check") == "newest-version");
        Assert.Equal(("warning", $"{key}/cryptoKeyVersions/2"), (Text(warning, "status"), Text(warning, "resource")));
    }

    [Fact]
    public async Task Doctor_PermissionToSignIsWithheld_IsFoundWithoutSigning()
    {
        var project = await fixture.SetUpAsync();
        fixture.Emulator.Switches.WithheldPermissions = ["cloudkms.cryptoKeyVersions.useToSign"];
        try
        {
            fixture.Emulator.Requests.Clear();
            var (code, answer) = await RunAsync(project, "production");

            Assert.Equal((ExitCode.Refused, "failed key-permission"), (code, Problems(answer)));
            var (observed, seen) = await RunAsync(project, "production", "--observer");
            Assert.Equal((ExitCode.Ok, ""), (observed, Problems(seen)));
            Assert.Contains("--role=roles/cloudkms.signer", Text(Checks(answer).Single(check => Text(check, "status") == "failed"), "remedy"), StringComparison.Ordinal);
            Assert.Equal(0, fixture.Emulator.Requests.Count("AsymmetricSign"));
        }
        finally
        {
            fixture.Emulator.Switches.WithheldPermissions = [];
        }
    }

    [Theory]
    [InlineData("GetPolicy", StatusCode.PermissionDenied, ExitCode.Refused, "unchecked policy", "roles/binaryauthorization.policyViewer")]
    [InlineData("GetCryptoKey", StatusCode.PermissionDenied, ExitCode.Refused, "unchecked trusted-key|unchecked key", "roles/cloudkms.viewer")]
    [InlineData("ListSinks", StatusCode.Unavailable, ExitCode.Infrastructure, "unchecked denial-sink", "Run it again.")]
    [InlineData("IAMPolicy/TestIamPermissions", StatusCode.Internal, ExitCode.Infrastructure, "unchecked key-permission|unchecked attestor-permission", "Run it again.")]
    public async Task Doctor_CallRefused_IsUncheckedAndNeverWell(string method, StatusCode status, int expectedCode, string expected, string remedy)
    {
        var project = await fixture.SetUpAsync();
        fixture.Emulator.Faults.FailNext(method, status, times: int.MaxValue);
        try
        {
            var (code, answer) = await RunAsync(project, "production");

            Assert.Equal((expectedCode, expected), (code, Problems(answer)));
            Assert.Contains(remedy, Text(Checks(answer).First(check => Text(check, "status") == "unchecked"), "remedy"), StringComparison.Ordinal);
        }
        finally
        {
            fixture.Emulator.Faults.Clear();
        }
    }

    [Fact]
    public async Task Doctor_ClusterWithBindingsOnly_Fails()
    {
        var project = await fixture.SetUpAsync();
        fixture.Emulator.Switches.ClusterEvaluationMode = "POLICY_BINDINGS";
        try
        {
            var (code, answer) = await RunAsync(project, "production", "--cluster", "us-central1.prod");

            Assert.Equal((ExitCode.Refused, "failed cluster"), (code, Problems(answer)));
        }
        finally
        {
            fixture.Emulator.Switches.ClusterEvaluationMode = "PROJECT_SINGLETON_POLICY_ENFORCE";
        }
    }

    [Theory]
    [InlineData("@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "failed image|failed image-admission")]
    [InlineData(":1.0", "failed image")]
    public async Task Doctor_ImageThatNobodyPushed_Fails(string suffix, string expected)
    {
        var project = await fixture.SetUpAsync();

        var (code, answer) = await RunAsync(project, "production", "--image", $"us-central1-docker.pkg.dev/{project}/app/server{suffix}");

        Assert.Equal((ExitCode.Refused, expected), (code, Problems(answer)));
    }

    [Fact]
    public async Task Doctor_ApprovalThatAsksWhoPushed_LooksAtAuditLogs()
    {
        var project = await fixture.SetUpAsync();
        var approval = Path.Combine(directory.FullName, "approval.yaml");
        await File.WriteAllTextAsync(approval, $"environment: production\nattestor: projects/{project}/attestors/production-attestor\nrules:\n  repositories: [us-central1-docker.pkg.dev/{project}/app/**]\n  provenance: none\n  pushedBy: [ci@{project}.iam.gserviceaccount.com]\n", Stop);
        await ChangeAccessAsync(IamResource.Project(project), policy => policy.Json.Remove("auditConfigs"));
        var (off, before) = await RunAsync(project, "production", "--approval", approval);
        await CommandLine.RunAsync(Endpoint, "setup", project, "production");

        var (on, after) = await RunAsync(project, "production", "--approval", approval);

        Assert.Equal((ExitCode.Refused, "failed push-audit-log"), (off, Problems(before)));
        Assert.Equal((ExitCode.Ok, ""), (on, Problems(after)));
    }

    [Fact]
    public async Task Doctor_EventsRouted_WarnsOfNothing()
    {
        var project = await fixture.SetUpAsync();
        var subscriptions = new PubSub.Subscriber.SubscriberClient(fixture.Channel);
        foreach (var id in new[] { "gcr", "container-analysis-occurrences-v1", "binauthz-denials" })
        {
            var topic = $"projects/{project}/topics/{id}";
            await subscriptions.CreateSubscriptionAsync(new PubSub.Subscription { Name = $"projects/{project}/subscriptions/{id}", Topic = topic, DeadLetterPolicy = new PubSub.DeadLetterPolicy { DeadLetterTopic = EventTopics.DeadLetters(project, "production").Topic, MaxDeliveryAttempts = 5 } }, cancellationToken: Stop);
        }

        var (code, answer) = await RunAsync(project, "production");

        Assert.Equal(ExitCode.Ok, code);
        Assert.Empty(Checks(answer).Where(check => Text(check, "status") == "warning").Select(check => Text(check, "check")));
        Assert.Equal(3, Checks(answer).Count(check => (Text(check, "check"), Text(check, "status")) == ("subscription", "ok")));
    }

    public void Dispose() => directory.Delete(recursive: true);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Endpoint => fixture.Emulator.GrpcEndpoint.ToString();

    private Kms.KeyManagementService.KeyManagementServiceClient Keys => new(fixture.Channel);

    private Authz.BinauthzManagementServiceV1.BinauthzManagementServiceV1Client Management => new(fixture.Channel);

    private async Task ChangeAccessAsync(IamResource resource, Action<IamPolicyDocument> change)
    {
        var iam = fixture.Get<IamClient>();
        var policy = await iam.ReadPolicyAsync(resource, Stop);
        change(policy);
        await iam.SetPolicyAsync(resource, policy, Stop);
    }

    private async Task BreakAsync(string project, string breakage)
    {
        var attestor = DeploymentEnvironment.Production.Attestor(project).ToString();
        switch (breakage)
        {
            case "attestor deleted":
                await Management.DeleteAttestorAsync(new Authz.DeleteAttestorRequest { Name = attestor }, cancellationToken: Stop);
                break;
            case "attestor emptied":
                await ChangeAttestorAsync(attestor, note => note.PublicKeys.Clear());
                break;
            case "public key exchanged":
                using (var other = ECDsa.Create(ECCurve.NamedCurves.nistP256))
                {
                    await ChangeAttestorAsync(attestor, note => note.PublicKeys[0].PkixPublicKey.PublicKeyPem = other.ExportSubjectPublicKeyInfoPem());
                }

                break;
            case "note deleted":
                await new GrafeasApi.GrafeasClient(fixture.Channel).DeleteNoteAsync(new Grafeas.V1.DeleteNoteRequest { Name = DeploymentEnvironment.Production.Note(project).ToString() }, cancellationToken: Stop);
                break;
            case "version disabled":
                var version = new Kms.CryptoKeyVersion { Name = DeploymentEnvironment.Production.Key(project, "us-central1").Version(1).ToString(), State = Kms.CryptoKeyVersion.Types.CryptoKeyVersionState.Disabled };
                await Keys.UpdateCryptoKeyVersionAsync(new Kms.UpdateCryptoKeyVersionRequest { CryptoKeyVersion = version, UpdateMask = new FieldMask { Paths = { "state" } } }, cancellationToken: Stop);
                break;
            case "policy open":
                await ChangePolicyAsync(project, policy => policy.DefaultAdmissionRule = new Authz.AdmissionRule { EvaluationMode = Authz.AdmissionRule.Types.EvaluationMode.AlwaysAllow, EnforcementMode = Enforcement.EnforcedBlockAndAuditLog });
                break;
            case "policy dry run":
                await ChangePolicyAsync(project, policy => policy.DefaultAdmissionRule.EnforcementMode = Enforcement.DryrunAuditLogOnly);
                break;
            case "signer's role taken away":
                await ChangeAccessAsync(IamResource.Key(DeploymentEnvironment.Production.Key(project, "us-central1")), policy =>
                    ((JsonArray)policy.Json["bindings"]!).RemoveAll(binding => (string?)binding!["role"] == "roles/cloudkms.signer"));
                break;
            case "custom role deleted":
                using (var http = new HttpClient { BaseAddress = fixture.Emulator.RestEndpoint })
                {
                    (await http.DeleteAsync(new Uri($"/v1/projects/{project}/roles/binauthzKeyRotator", UriKind.Relative), Stop)).EnsureSuccessStatusCode();
                }

                break;
            case "system pods blocked":
                await ChangePolicyAsync(project, policy => policy.GlobalPolicyEvaluationMode = Authz.Policy.Types.GlobalPolicyEvaluationMode.Disable);
                break;
            case "decisions topic deleted":
                await new PubSub.Publisher.PublisherClient(fixture.Channel).DeleteTopicAsync(new PubSub.DeleteTopicRequest { Topic = $"projects/{project}/topics/production-decisions" }, cancellationToken: Stop);
                break;
            default:
                throw new ArgumentException($"'{breakage}' is not a breakage that is known here.", nameof(breakage));
        }
    }

    private async Task ChangeAttestorAsync(string name, Action<Authz.UserOwnedGrafeasNote> change)
    {
        var attestor = await Management.GetAttestorAsync(new Authz.GetAttestorRequest { Name = name }, cancellationToken: Stop);
        change(attestor.UserOwnedGrafeasNote);
        await Management.UpdateAttestorAsync(new Authz.UpdateAttestorRequest { Attestor = attestor }, cancellationToken: Stop);
    }

    private async Task ChangePolicyAsync(string project, Action<Authz.Policy> change)
    {
        var authorization = fixture.Get<BinaryAuthorizationClient>();
        var policy = await authorization.GetPolicyAsync(project, Stop);
        change(policy);
        await authorization.UpdatePolicyAsync(policy, Stop);
    }

    private Task<(int Code, JsonNode Answer)> RunAsync(string project, string environment, params string[] more) =>
        CommandLine.RunAsync(Endpoint, ["doctor", project, environment, .. more]);

    private static IEnumerable<JsonNode> Checks(JsonNode answer) => answer["checks"]!.AsArray().Select(check => check!);

    private static string Problems(JsonNode answer) =>
        string.Join('|', Checks(answer).Where(check => Text(check, "status") is "failed" or "unchecked").Select(check => $"{Text(check, "status")} {Text(check, "check")}"));

    private static string Text(JsonNode check, string member) => check[member]!.GetValue<string>();
}
