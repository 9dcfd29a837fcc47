using BinAuthz.Cli;
using BinAuthz.Emulator;
using BinAuthz.Policies;
using Google.Cloud.BinaryAuthorization.V1;
using Google.Cloud.Kms.V1;
using CliCommandLine = BinAuthz.EndToEnd.Tests.Cli.CommandLine;

namespace BinAuthz.EndToEnd.Tests.Gcloud;

/// <summary>Policies cross over: gcloud imports what we write, and what it exports is what we write.</summary>
public sealed class GcloudPolicyTests(GcloudEmulator shared) : IDisposable
{
    private const string Description = "it's #1: \"quoted\" - true";
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("binauthz-gcloud-");

    [Fact]
    public async Task Import_RenderedPolicy_IsTakenAndExportedAsWeWriteIt()
    {
        const string id = "policy-render";
        ExternalTool.Require("gcloud");
        var emulator = await shared.StartedAsync();
        using var project = await WithAttestorAsync(emulator, id);
        await using var rendered = new StringWriter();
        string[] line = ["policy", "render", "production", "--project", id, "--cluster", "us-central1.prod", "--default", "deny", "--allow", $"us-docker.pkg.dev/{id}/base/**"];
        Assert.Equal(ExitCode.Ok, await BinAuthzTool.RunAsync(line, rendered, TextWriter.Null, TestContext.Current.CancellationToken));
        await WriteAsync("rendered.yaml", rendered.ToString());

        await GcloudAsync(emulator, id, "container binauthz policy import rendered.yaml --strict-validation");
        var exported = await GcloudAsync(emulator, id, "container binauthz policy export");

        var document = PolicyDocument.Read(exported);
        Assert.Empty(document.Faults);
        Assert.Equal(exported, document.ToYaml());
        Assert.Equal(ExitCode.Ok, (await CliCommandLine.RunAsync(emulator.GrpcEndpoint.ToString(), "policy", "diff", Path.Combine(folder.FullName, "rendered.yaml"), "--project", id)).Code);
    }

    [Fact]
    public async Task Export_PolicyThatWeApplied_ImportsAndExportsTheSame()
    {
        const string id = "policy-apply";
        ExternalTool.Require("gcloud");
        var emulator = await shared.StartedAsync();
        using var project = await WithAttestorAsync(emulator, id);
        var wanted = new Policy
        {
            Description = Description,
            GlobalPolicyEvaluationMode = Policy.Types.GlobalPolicyEvaluationMode.Enable,
            DefaultAdmissionRule = Rule(project, AdmissionRule.Types.EnforcementMode.EnforcedBlockAndAuditLog),
            KubernetesServiceAccountAdmissionRules = { ["payments:deployer"] = Rule(project, AdmissionRule.Types.EnforcementMode.DryrunAuditLogOnly), ["1e3:0x1f"] = Rule(project, AdmissionRule.Types.EnforcementMode.DryrunAuditLogOnly) },
        };
        var file = await WriteAsync("wanted.yaml", new PolicyDocument(wanted).ToYaml());
        var (code, answer) = await CliCommandLine.RunAsync(emulator.GrpcEndpoint.ToString(), "policy", "apply", file, "--project", id, "--yes", "--allow-loosening");
        Assert.True(code == ExitCode.Ok, answer.ToJsonString());

        var first = await GcloudAsync(emulator, id, "container binauthz policy export");
        await WriteAsync("exported.yaml", first);
        await GcloudAsync(emulator, id, "container binauthz policy import exported.yaml --strict-validation");
        var second = await GcloudAsync(emulator, id, "container binauthz policy export");
        var json = await GcloudAsync(emulator, id, "container binauthz policy export --format=json");

        Assert.Equal(first, PolicyDocument.Read(first).ToYaml());
        Assert.Equal(second, PolicyDocument.Read(second).ToYaml());
        Assert.Empty(PolicyDiff.Compare(PolicyDocument.Read(first).Policy, PolicyDocument.Read(second).Policy));
        Assert.Empty(PolicyDiff.Compare(wanted, PolicyDocument.Read(second).Policy));
        Assert.Equal(PolicyDocument.Read(second).Policy, PolicyDocument.Read(json).Policy);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static AdmissionRule Rule(GrpcProject project, AdmissionRule.Types.EnforcementMode enforcement) => new()
    {
        EvaluationMode = AdmissionRule.Types.EvaluationMode.RequireAttestation,
        EnforcementMode = enforcement,
        RequireAttestationsBy = { project.Attestor },
    };

    private static async Task<GrpcProject> WithAttestorAsync(EmulatorHost emulator, string id)
    {
        var project = new GrpcProject(emulator, id, TestContext.Current.CancellationToken);
        var key = await project.CreateKeyAsync(CryptoKeyVersion.Types.CryptoKeyVersionAlgorithm.EcSignP256Sha256);
        await project.CreateNoteAsync();
        await project.CreateAttestorAsync($"//cloudkms.googleapis.com/v1/{project.KeyVersion}", key.Pem, PkixPublicKey.Types.SignatureAlgorithm.EcdsaP256Sha256);
        return project;
    }

    private async Task<string> WriteAsync(string name, string text)
    {
        var file = Path.Combine(folder.FullName, name);
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        return file;
    }

    private async Task<string> GcloudAsync(EmulatorHost emulator, string project, string command)
    {
        var gcloud = new GcloudClient(GcloudMode.Override, emulator.RestEndpoint, project, folder.FullName);
        var ended = await gcloud.RunAsync(command.Split(' '), new Dictionary<string, string>(), "", TestContext.Current.CancellationToken);
        Assert.True(ended.ExitCode == 0, $"gcloud {command}\n{ended}");
        return ended.Output;
    }
}
