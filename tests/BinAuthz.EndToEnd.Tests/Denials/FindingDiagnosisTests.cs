using BinAuthz.Attestations;
using BinAuthz.Cli.Emulation;
using BinAuthz.Denials;
using BinAuthz.EndToEnd.Tests.Cli;
using BinAuthz.EndToEnd.Tests.Signing;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Signing;
using Grpc.Core;

namespace BinAuthz.EndToEnd.Tests.Denials;

/// <summary>What makes an image be denied, told in a project on an emulator; and the command that was told, run there.</summary>
public sealed class FindingDiagnosisTests(SigningWorldFixture fixture) : IClassFixture<SigningWorldFixture>
{
    private readonly SigningWorld world = fixture.World;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(nameof(FindingKind.Denial))]
    [InlineData(nameof(FindingKind.DryRunDenial))]
    [InlineData(nameof(FindingKind.BreakGlass))]
    public async Task Diagnose_BuiltImage_IsNotAttestedUntilTheCommandIsRun(string found)
    {
        var kind = Enum.Parse<FindingKind>(found);
        var image = await world.PushBuiltAsync();

        var diagnosis = await DiagnoseAsync(Findings.Of(kind, image));

        Assert.Equal(DiagnosisCause.NotAttested, diagnosis.Cause);
        Assert.Equal($"binauthz sign {image}", diagnosis.Command);
        Assert.Contains(world.Note.ToString(), diagnosis.Detail, StringComparison.Ordinal);
        Assert.Equal(0, await RunAsync(diagnosis.Command));
        Assert.Equal(kind == FindingKind.BreakGlass ? DiagnosisCause.BreakGlassUsed : DiagnosisCause.AdmittedNow, (await DiagnoseAsync(Findings.Of(kind, image))).Cause);
    }

    [Fact]
    public async Task Diagnose_ImageWhoseProvenanceIsMissing_TellsTheCodeUntilItIsThere()
    {
        var image = await world.PushAsync();
        Assert.IsType<SigningOutcome.NotReady>(await world.SignAsync(image));

        var diagnosis = await DiagnoseAsync(Findings.Denial(image));

        Assert.Equal((DiagnosisCause.NotAttested, "provenance-missing"), (diagnosis.Cause, Assert.Single(diagnosis.RefusalCodes)));
        Assert.Contains("evidence was missing", diagnosis.Detail, StringComparison.Ordinal);
        await world.BuildAsync(image);
        Assert.Equal(0, await RunAsync(diagnosis.Command));
        Assert.Equal(DiagnosisCause.AdmittedNow, (await DiagnoseAsync(Findings.Denial(image))).Cause);
    }

    [Fact]
    public async Task Diagnose_ImageOfAnotherSource_IsRejectedByApproval()
    {
        var image = await world.PushAsync();
        await world.BuildAsync(image, new BuildSource("https://github.com/acme/app-evil", "refs/heads/main", SigningWorld.TrustedSource.Commit));
        Assert.IsType<SigningOutcome.Rejected>(await world.SignAsync(image));

        var diagnosis = await DiagnoseAsync(Findings.Denial(image));

        Assert.Equal((DiagnosisCause.RejectedByApproval, "source-not-allowed", ""), (diagnosis.Cause, Assert.Single(diagnosis.RefusalCodes), diagnosis.Commit));
        Assert.Contains("https://github.com/acme/app-evil", diagnosis.Detail, StringComparison.Ordinal);
        Assert.Equal($"binauthz approval explain {image}", diagnosis.Command);
        Assert.Equal(1, await RunAsync(diagnosis.Command));
    }

    [Fact]
    public async Task Diagnose_RefusedImageWithVerifiedProvenance_TellsTheCommit()
    {
        await using var own = await SigningWorld.StartAsync(policy: SigningWorld.Policy + "\n  labels: {team: payments}");
        var image = await own.PushBuiltAsync();
        Assert.IsType<SigningOutcome.Rejected>(await own.SignAsync(image));

        var diagnosis = await own.Get<FindingDiagnosis>().DiagnoseAsync(Findings.Denial(image), Stop);

        Assert.Equal((DiagnosisCause.RejectedByApproval, SigningWorld.TrustedSource.Commit), (diagnosis.Cause, diagnosis.Commit));
    }

    [Fact]
    public async Task Diagnose_ForgedAttestation_IsInvalidUntilTheCommandIsRun()
    {
        var image = await world.PushBuiltAsync();
        await StoreAsync(image, world.Note, new AttestationSignature(world.Key.Version(1).PublicKeyId, new byte[70]));

        var diagnosis = await DiagnoseAsync(Findings.Denial(image));

        Assert.Equal(DiagnosisCause.InvalidAttestation, diagnosis.Cause);
        Assert.Contains("does not verify", diagnosis.Detail, StringComparison.Ordinal);
        Assert.Equal(0, await RunAsync(diagnosis.Command));
        Assert.Equal(DiagnosisCause.AdmittedNow, (await DiagnoseAsync(Findings.Denial(image))).Cause);
    }

    [Fact]
    public async Task Diagnose_SignatureOfAKeyOutsideKms_IsNoTrustedKey()
    {
        var image = await world.PushBuiltAsync();
        await StoreAsync(image, world.Note, new AttestationSignature("ni:///sha-256;abc", new byte[70]));

        var diagnosis = await DiagnoseAsync(Findings.Denial(image));

        Assert.Equal(DiagnosisCause.KeyNoLongerTrusted, diagnosis.Cause);
        Assert.Contains("ni:///sha-256;abc, which is no key of Cloud KMS", diagnosis.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diagnose_AttestationUnderAnotherNote_NamesBothNotes()
    {
        var image = await world.PushBuiltAsync();
        var other = NoteName.Parse("projects/acme-prod/notes/scanned-note");
        await world.Get<ContainerAnalysisClient>().EnsureNoteAsync(other, "scanned", Stop);
        await StoreAsync(image, other, new AttestationSignature("ni:///sha-256;abc", new byte[70]));

        var diagnosis = await DiagnoseAsync(Findings.Denial(image));

        Assert.Equal(DiagnosisCause.AttestedUnderAnotherNote, diagnosis.Cause);
        Assert.Contains($"under {other}, and {world.Attestor} looks at {world.Note} alone", diagnosis.Detail, StringComparison.Ordinal);
        Assert.Equal(0, await RunAsync(diagnosis.Command));
        Assert.Equal(DiagnosisCause.AdmittedNow, (await DiagnoseAsync(Findings.Denial(image))).Cause);
    }

    [Fact]
    public async Task Diagnose_PlatformOfAnIndexThatAloneIsAttested_NamesTheIndex()
    {
        var index = await world.PushBuiltAsync(index: true);
        await AttestAsync(index);
        Assert.True(RepositoryPath.TryParse(index.Name, out var repository));
        var registered = await world.Get<ArtifactRegistryClient>().FindAsync(repository, index.Digest, Stop);
        var platform = index.WithDigest(registered!.RunnablePlatforms[0]);

        var diagnosis = await DiagnoseAsync(Findings.Denial(platform));

        Assert.Equal((DiagnosisCause.ChildOfAttestedIndex, $"binauthz sign {index}"), (diagnosis.Cause, diagnosis.Command));
        Assert.Equal(0, await RunAsync(diagnosis.Command));
        Assert.Equal(DiagnosisCause.AdmittedNow, (await DiagnoseAsync(Findings.Denial(platform))).Cause);
    }

    [Fact]
    public async Task Diagnose_DigestThatWasNeverPushed_IsUnknown()
    {
        await world.PushAsync();
        var image = ImageReference.Parse($"{SigningWorld.Repository}@sha256:{new string('a', 64)}");

        var diagnosis = await DiagnoseAsync(Findings.Denial(image));

        Assert.Equal((DiagnosisCause.DigestUnknown, $"gcloud artifacts docker images list {SigningWorld.Repository} --include-tags"), (diagnosis.Cause, diagnosis.Command));
    }

    [Theory]
    [InlineData("ghcr.io/acme/server")]
    [InlineData("nginx")]
    [InlineData("$(touch owned)")]
    [InlineData("\u001b[31m\u202e")]
    public async Task Diagnose_DigestElsewhere_IsInAnUnknownRegistryAndHasNoCommand(string name)
    {
        var diagnosis = await DiagnoseAsync(Findings.Denial($"{name}@sha256:{new string('a', 64)}"));

        Assert.Equal((DiagnosisCause.UnknownRegistry, ""), (diagnosis.Cause, diagnosis.Command));
    }

    [Fact]
    public async Task Diagnose_Tag_TellsItsDigest()
    {
        var (image, tag) = await PushTaggedAsync();

        var diagnosis = await DiagnoseAsync(Findings.Denial($"{image.Name}:{tag}"));

        Assert.Equal(DiagnosisCause.TagInsteadOfDigest, diagnosis.Cause);
        Assert.Contains($"means {image.Digest} now", diagnosis.Detail, StringComparison.Ordinal);
        Assert.StartsWith("kubectl get deployment/web --namespace=shop --output=json | sed ", diagnosis.Command, StringComparison.Ordinal);
        Assert.Contains(image.ToString(), diagnosis.Command, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nginx:latest", "none of Google's")]
    [InlineData("nginx", "none of Google's")]
    [InlineData("us-central1-docker.pkg.dev/acme-prod/app/server:never-pushed", "no such tag")]
    [InlineData("us-central1-docker.pkg.dev/acme-prod/app/server:1'; rm -rf /; '", "none of Google's")]
    [InlineData("", "none of Google's")]
    public async Task Diagnose_TagThatMeansNothing_HasNoCommand(string image, string why)
    {
        await world.PushAsync();

        var diagnosis = await DiagnoseAsync(Findings.Denial(image));

        Assert.Equal((DiagnosisCause.TagInsteadOfDigest, ""), (diagnosis.Cause, diagnosis.Command));
        Assert.Contains(why, diagnosis.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diagnose_ImageOfGke_IsAdmittedBySystemPolicy()
    {
        var diagnosis = await DiagnoseAsync(Findings.Denial("gke.gcr.io/a/b:v1"));

        Assert.Equal((DiagnosisCause.AdmittedNow, "kubectl get pods --namespace=shop --output=wide"), (diagnosis.Cause, diagnosis.Command));
        Assert.Contains("the system policy's pattern", diagnosis.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diagnose_EntryWithoutImage_IsUndetermined() =>
        Assert.Equal(DiagnosisCause.Undetermined, (await DiagnoseAsync(Findings.Denial(null))).Cause);

    [Fact]
    public async Task Diagnose_CheckThatFailed_StaysSo()
    {
        var image = await world.PushBuiltAsync();

        Assert.Equal(DiagnosisCause.CheckFailed, (await DiagnoseAsync(Findings.Of(FindingKind.CheckFailed, image))).Cause);
    }

    [Theory]
    [InlineData("/GetPolicy")]
    [InlineData("/GetAttestor")]
    [InlineData("/ListNoteOccurrences")]
    public async Task Diagnose_PolicyOrAttestationsMayNotBeRead_IsUndetermined(string method)
    {
        var image = await world.PushBuiltAsync();
        world.Emulator.Faults.FailNext(method, StatusCode.PermissionDenied);

        var diagnosis = await DiagnoseAsync(Findings.Denial(image));

        world.Emulator.Faults.Clear();
        Assert.Equal((DiagnosisCause.Undetermined, ""), (diagnosis.Cause, diagnosis.Command));
        Assert.Contains(method[1..], diagnosis.Detail, StringComparison.Ordinal);
        Assert.Contains("Grant the identity", diagnosis.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GetDockerImage")]
    [InlineData("ListDockerImages")]
    [InlineData("/ListOccurrences")]
    [InlineData("objects.list")]
    public async Task Diagnose_ReasonMayNotBeRead_IsNotAttestedAndSaysWhatIsNotKnown(string method)
    {
        var image = await world.PushBuiltAsync();
        world.Emulator.Faults.FailNext(method, StatusCode.PermissionDenied, times: 5);

        var diagnosis = await DiagnoseAsync(Findings.Denial(image));

        world.Emulator.Faults.Clear();
        Assert.Equal(DiagnosisCause.NotAttested, diagnosis.Cause);
        Assert.Contains("Not known: ", diagnosis.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/GetPolicy")]
    [InlineData("/ListNoteOccurrences")]
    [InlineData("ListDockerImages")]
    public async Task Diagnose_ServiceDoesNotAnswer_IsForTheNextDelivery(string method)
    {
        var image = await world.PushBuiltAsync();
        world.Emulator.Faults.FailNext(method, StatusCode.Unavailable, times: 20);

        var error = await Assert.ThrowsAsync<GoogleCallException>(() => DiagnoseAsync(Findings.Denial(image)));

        world.Emulator.Faults.Clear();
        Assert.True(error.IsTransient);
    }

    private Task<Diagnosis> DiagnoseAsync(Finding finding) => world.Get<FindingDiagnosis>().DiagnoseAsync(finding, Stop);

    private async Task<int> RunAsync(string command)
    {
        var words = command.Split(' ');
        Assert.Equal("binauthz", words[0]);
        return (await CommandLine.RunAsync(world.Emulator.GrpcEndpoint.ToString(), [.. words[1..], "--approval", world.PolicyPath])).Code;
    }

    private async Task<(ImageReference Image, string Tag)> PushTaggedAsync()
    {
        var image = await world.PushAsync();
        Assert.True(RepositoryPath.TryParse(image.Name, out var repository));
        var registered = await world.Get<ArtifactRegistryClient>().FindAsync(repository, image.Digest, Stop);
        return (image, Assert.Single(registered!.Tags));
    }

    private async Task AttestAsync(ImageReference image)
    {
        var attestor = await world.Get<BinaryAuthorizationClient>().FindAttestorAsync(world.Attestor, Stop);
        var key = Assert.Single(attestor!.Keys);
        var signature = await world.Get<KeyManagementClient>().SignAsync(world.Key.Version(1), key.Algorithm!, AttestationPayload.Create(image), Stop);
        await StoreAsync(image, world.Note, new AttestationSignature(key.Id, signature));
    }

    private async Task StoreAsync(ImageReference image, NoteName note, AttestationSignature signature) =>
        Assert.NotNull(await world.Get<ContainerAnalysisClient>().CreateAttestationAsync(
            SigningWorld.Project, new Attestation("", image.ResourceUri, note, AttestationPayload.Create(image), [signature], null), Stop));
}
