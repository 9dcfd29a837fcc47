using BinAuthz.Denials;
using BinAuthz.EndToEnd.Tests.Cli;
using BinAuthz.EndToEnd.Tests.Signing;
using BinAuthz.GoogleCloud;
using BinAuthz.Keys;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Authz = Google.Cloud.BinaryAuthorization.V1;
using Kms = Google.Cloud.Kms.V1;

namespace BinAuthz.EndToEnd.Tests.Denials;

/// <summary>Denials whose cause is a rule, an attestor or a key; each in a project of its own.</summary>
public sealed class RuleDiagnosisTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Diagnose_RuleOfTheClusterDeniesAll_NamesTheRule()
    {
        await using var world = await SigningWorld.StartAsync();
        await ChangePolicyAsync(world, policy => policy.ClusterAdmissionRules[Findings.Place] = DenyAll());
        var image = await world.PushBuiltAsync();

        var diagnosis = await DiagnoseAsync(world, Findings.Denial(image));

        Assert.Equal((DiagnosisCause.AlwaysDeny, "gcloud container binauthz policy export --project=acme-prod > policy.yaml"), (diagnosis.Cause, diagnosis.Command));
        Assert.Contains($"the rule of cluster {Findings.Place} denies every image", diagnosis.Detail, StringComparison.Ordinal);
        // Rules of clusters do not hold for Cloud Run.
        Assert.Equal(DiagnosisCause.NotAttested, (await DiagnoseAsync(world, Findings.Of(FindingKind.Denial, image, FindingPlatform.CloudRun))).Cause);
        var elsewhere = Findings.Denial(image);
        Assert.Equal(DiagnosisCause.Undetermined, (await DiagnoseAsync(world, elsewhere with { Source = elsewhere.Source with { Place = "" } })).Cause);
    }

    [Fact]
    public async Task Diagnose_RulesByServiceAccountAndNoneIsTold_IsUndetermined()
    {
        await using var world = await SigningWorld.StartAsync();
        await ChangePolicyAsync(world, policy => policy.KubernetesServiceAccountAdmissionRules["shop:till"] = DenyAll());
        var image = await world.PushBuiltAsync();

        var unknown = await DiagnoseAsync(world, Findings.Denial(image) with { ServiceAccount = "" });

        Assert.Equal(DiagnosisCause.Undetermined, unknown.Cause);
        Assert.Contains("does not tell the service account", unknown.Detail, StringComparison.Ordinal);
        Assert.Equal(DiagnosisCause.AlwaysDeny, (await DiagnoseAsync(world, Findings.Denial(image) with { ServiceAccount = "till" })).Cause);
        Assert.Equal(DiagnosisCause.NotAttested, (await DiagnoseAsync(world, Findings.Denial(image))).Cause);
    }

    [Fact]
    public async Task Diagnose_AttestorDeleted_IsMissingUntilTheCommandIsRun()
    {
        await using var world = await SigningWorld.StartAsync();
        using var channel = GrpcChannel.ForAddress(world.Emulator.GrpcEndpoint);
        await new Authz.BinauthzManagementServiceV1.BinauthzManagementServiceV1Client(channel).DeleteAttestorAsync(new Authz.DeleteAttestorRequest { Name = world.Attestor.ToString() }, cancellationToken: Stop);
        var image = await world.PushBuiltAsync();

        var diagnosis = await DiagnoseAsync(world, Findings.Denial(image));

        Assert.Equal((DiagnosisCause.AttestorMissing, "binauthz setup acme-prod production"), (diagnosis.Cause, diagnosis.Command));
        Assert.Contains(world.Attestor.ToString(), diagnosis.Detail, StringComparison.Ordinal);
        Assert.Equal(DiagnosisCause.AttestorMissing, (await DiagnoseAsync(world, Findings.Of(FindingKind.CheckFailed, image))).Cause);
        await RunAsync(world, diagnosis.Command);
        Assert.Equal(DiagnosisCause.NotAttested, (await DiagnoseAsync(world, Findings.Denial(image))).Cause);
    }

    [Fact]
    public async Task Diagnose_AttestorWithoutKeys_IsSoUntilTheCommandIsRun()
    {
        await using var world = await SigningWorld.StartAsync();
        using var channel = GrpcChannel.ForAddress(world.Emulator.GrpcEndpoint);
        await ChangeKeysAsync(channel, world, keys => keys.Clear());
        var image = await world.PushBuiltAsync();

        var diagnosis = await DiagnoseAsync(world, Findings.Denial(image));

        Assert.Equal((DiagnosisCause.AttestorWithoutKeys, "binauthz setup acme-prod production"), (diagnosis.Cause, diagnosis.Command));
        await RunAsync(world, diagnosis.Command);
        Assert.Equal(DiagnosisCause.NotAttested, (await DiagnoseAsync(world, Findings.Denial(image))).Cause);
    }

    [Fact]
    public async Task Diagnose_KeyTakenOffTheAttestor_TellsItsStateUntilTheCommandIsRun()
    {
        await using var world = await SigningWorld.StartAsync();
        using var channel = GrpcChannel.ForAddress(world.Emulator.GrpcEndpoint);
        var image = await world.PushBuiltAsync();
        await world.SignAsync(image);
        var kms = new Kms.KeyManagementService.KeyManagementServiceClient(channel);
        await kms.CreateCryptoKeyVersionAsync(new Kms.CreateCryptoKeyVersionRequest { Parent = world.Key.ToString() }, cancellationToken: Stop);
        var (pem, algorithm) = await world.Get<KeyManagementClient>().GetPublicKeyAsync(world.Key.Version(2), Stop);
        await world.Get<BinaryAuthorizationClient>().AddKeyAsync(world.Attestor, new AttestorKey(world.Key.Version(2).PublicKeyId, pem, algorithm, ""), Stop);
        await ChangeKeysAsync(channel, world, keys => keys.Remove(keys.Single(key => key.Id == world.Key.Version(1).PublicKeyId)));
        await kms.UpdateCryptoKeyVersionAsync(
            new Kms.UpdateCryptoKeyVersionRequest
            {
                CryptoKeyVersion = new Kms.CryptoKeyVersion { Name = world.Key.Version(1).ToString(), State = Kms.CryptoKeyVersion.Types.CryptoKeyVersionState.Disabled },
                UpdateMask = new FieldMask { Paths = { "state" } },
            },
            cancellationToken: Stop);

        var diagnosis = await DiagnoseAsync(world, Findings.Denial(image));

        Assert.Equal((DiagnosisCause.KeyNoLongerTrusted, $"binauthz sign {image}"), (diagnosis.Cause, diagnosis.Command));
        Assert.Equal($"It is attested by {world.Key.Version(1).PublicKeyId}, which is DISABLED in Cloud KMS; {world.Attestor} does not list it.", diagnosis.Detail);
        world.Emulator.Faults.FailNext("/GetCryptoKeyVersion", StatusCode.PermissionDenied);
        Assert.Contains("which is of unknown state (GetCryptoKeyVersion", (await DiagnoseAsync(world, Findings.Denial(image))).Detail, StringComparison.Ordinal);
        await RunAsync(world, $"{diagnosis.Command} --approval {world.PolicyPath}");
        Assert.Equal(DiagnosisCause.AdmittedNow, (await DiagnoseAsync(world, Findings.Denial(image))).Cause);
    }

    [Fact]
    public async Task Diagnose_ManyImages_ReadsPolicyAndAttestorOnce()
    {
        await using var world = await SigningWorld.StartAsync(trustLifetime: TimeSpan.FromMinutes(1));
        var images = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => world.PushAsync()));
        world.Emulator.Requests.Clear();

        var diagnoses = await Task.WhenAll(images.Select(image => DiagnoseAsync(world, Findings.Denial(image))));

        Assert.All(diagnoses, diagnosis => Assert.Equal(DiagnosisCause.NotAttested, diagnosis.Cause));
        var requests = world.Emulator.Requests;
        Assert.Equal((1, 1, 1, 5), (requests.Count("/GetPolicy"), requests.Count("/GetSystemPolicy"), requests.Count("/GetAttestor"), requests.Count("/ListNoteOccurrences")));
        // For each: its attestations; what else is known of the digest, its builds, the registry twice, the refusals.
        Assert.Equal(3 + (5 * 6), requests.Snapshot().Count);
    }

    private static Task<Diagnosis> DiagnoseAsync(SigningWorld world, Finding finding) => world.Get<FindingDiagnosis>().DiagnoseAsync(finding, Stop);

    private static async Task RunAsync(SigningWorld world, string command)
    {
        var words = command.Split(' ');
        Assert.Equal("binauthz", words[0]);
        Assert.Equal(0, (await CommandLine.RunAsync(world.Emulator.GrpcEndpoint.ToString(), words[1..])).Code);
    }

    private static Authz.AdmissionRule DenyAll() => new()
    {
        EvaluationMode = Authz.AdmissionRule.Types.EvaluationMode.AlwaysDeny,
        EnforcementMode = Authz.AdmissionRule.Types.EnforcementMode.EnforcedBlockAndAuditLog,
    };

    private static async Task ChangePolicyAsync(SigningWorld world, Action<Authz.Policy> change)
    {
        var authorization = world.Get<BinaryAuthorizationClient>();
        var policy = await authorization.GetPolicyAsync(SigningWorld.Project, Stop);
        change(policy);
        await authorization.UpdatePolicyAsync(policy, Stop);
    }

    private static async Task ChangeKeysAsync(GrpcChannel channel, SigningWorld world, Action<Google.Protobuf.Collections.RepeatedField<Authz.AttestorPublicKey>> change)
    {
        var client = new Authz.BinauthzManagementServiceV1.BinauthzManagementServiceV1Client(channel);
        var attestor = await client.GetAttestorAsync(new Authz.GetAttestorRequest { Name = world.Attestor.ToString() }, cancellationToken: Stop);
        change(attestor.UserOwnedGrafeasNote.PublicKeys);
        await client.UpdateAttestorAsync(new Authz.UpdateAttestorRequest { Attestor = attestor }, cancellationToken: Stop);
    }
}
