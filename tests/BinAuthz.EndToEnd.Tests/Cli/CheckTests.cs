using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using BinAuthz.Attestations;
using BinAuthz.Checking;
using BinAuthz.Cli;
using BinAuthz.EndToEnd.Tests.Signing;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Signing;
using Authz = Google.Cloud.BinaryAuthorization.V1;

namespace BinAuthz.EndToEnd.Tests.Cli;

/// <summary><c>binauthz check</c> of manifests against the policy of a project on an emulator.</summary>
public sealed class CheckTests(SigningWorldFixture fixture) : IClassFixture<SigningWorldFixture>, IDisposable
{
    private const int Manifests = 2000;
    private const int DistinctImages = 500;
    private const int SignedImages = 100;
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("binauthz-check-");
    private readonly SigningWorld world = fixture.World;

    [Fact]
    public async Task Check_SignedImage_IsAdmitted()
    {
        var image = await world.PushBuiltAsync();
        Assert.IsType<SigningOutcome.Signed>(await world.SignAsync(image));

        var (code, answer) = await RunAsync(Deployment("web", image.ToString()));

        Assert.Equal(ExitCode.Ok, code);
        Assert.Equal(("admitted", "Default"), Verdict(answer["images"]![0]!));
    }

    [Fact]
    public async Task Check_UnsignedImage_IsDeniedUntilTheRemedyIsRun()
    {
        var image = await world.PushBuiltAsync();

        var (code, answer) = await RunAsync(Deployment("web", image.ToString()));

        Assert.Equal(ExitCode.Refused, code);
        Assert.Equal(
            $"Image {image} denied by Binary Authorization default admission rule. Image {image} denied by attestor {world.Attestor}: No attestations found that were valid and signed by a key trusted by the attestor",
            answer["images"]![0]!["message"]!.GetValue<string>());
        var remedy = answer["images"]![0]!["reasons"]![0]!["remedy"]!.GetValue<string>();
        var command = remedy.Split('`')[1].Split(' ');
        Assert.Equal("binauthz", command[0]);
        var (signed, _) = await CommandLine.RunAsync(Endpoint, [.. command[1..], "--approval", world.PolicyPath]);
        Assert.Equal(ExitCode.Ok, signed);
        (code, _) = await RunAsync(Deployment("web", image.ToString()));
        Assert.Equal(ExitCode.Ok, code);
    }

    [Fact]
    public async Task Check_TagOfASignedImage_IsDeniedAndTheRemedyPrintsTheDigest()
    {
        var image = await world.PushBuiltAsync();
        Assert.IsType<SigningOutcome.Signed>(await world.SignAsync(image));
        var (_, explained) = await CommandLine.RunAsync(Endpoint, ["approval", "explain", image.ToString(), "--approval", world.PolicyPath]);
        var tagged = $"{image.Name}:{explained["tags"]![0]!.GetValue<string>()}";

        var (code, answer) = await RunAsync(Deployment("web", tagged));

        Assert.Equal(ExitCode.Refused, code);
        var reason = answer["images"]![0]!["reasons"]![0]!;
        Assert.Equal("tag-instead-of-digest", reason["cause"]!.GetValue<string>());
        var command = reason["remedy"]!.GetValue<string>().Split('`')[1].Split(' ');
        var (verified, verdict) = await CommandLine.RunAsync(Endpoint, command[1..]);
        Assert.Equal((ExitCode.Ok, image.Digest.ToString()), (verified, verdict["digest"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Check_ImageOfGke_IsAdmittedByTheSystemPolicyOfTheRegion()
    {
        var (code, answer) = await RunAsync(Deployment("web", "gke.gcr.io/a/b:v1"), "--cluster", "us-central1-a.acme-prod-gke");

        Assert.Equal(ExitCode.Ok, code);
        Assert.Equal(("admitted", "SystemPolicy"), Verdict(answer["images"]![0]!));
        Assert.Empty(answer["warnings"]!.AsArray());
    }

    [Fact]
    public async Task Check_AllowListedImageAndClusterRule_AreAsInThePolicy()
    {
        await using var own = await SigningWorld.StartAsync();
        var authorization = own.Get<BinaryAuthorizationClient>();
        var policy = await authorization.GetPolicyAsync(SigningWorld.Project, TestContext.Current.CancellationToken);
        policy.AdmissionWhitelistPatterns.Add(new Authz.AdmissionWhitelistPattern { NamePattern = "docker.io/library/*" });
        policy.ClusterAdmissionRules["us-central1.staging"] = new Authz.AdmissionRule
        {
            EvaluationMode = Authz.AdmissionRule.Types.EvaluationMode.AlwaysDeny,
            EnforcementMode = Authz.AdmissionRule.Types.EnforcementMode.DryrunAuditLogOnly,
        };
        await authorization.UpdatePolicyAsync(policy, TestContext.Current.CancellationToken);
        var file = Write(Deployment("web", "docker.io/library/nginx:1") + "---\n" + Deployment("own", "docker.io/acme/own:1"));

        var (production, there) = await RunAsync(own, file, "--cluster", "us-central1.production");
        var (staging, here) = await RunAsync(own, file, "--cluster", "us-central1.staging");

        Assert.Equal(ExitCode.Refused, production);
        Assert.Equal([("admitted", "AllowList"), ("denied", "Default")], there["images"]!.AsArray().Select(image => Verdict(image!)));
        Assert.Equal(ExitCode.Ok, staging);
        Assert.Equal([("admitted", "AllowList"), ("denied", "Cluster")], here["images"]!.AsArray().Select(image => Verdict(image!)));
        Assert.Equal("dry-run", here["images"]![1]!["enforcement"]!.GetValue<string>());
    }

    [Fact]
    public async Task Check_ManyManifests_AsksOncePerDigestInFewLists()
    {
        await using var own = await SigningWorld.StartAsync();
        ImageReference[] images = [.. Enumerable.Range(0, DistinctImages).Select(index => ImageReference.Parse($"{SigningWorld.Repository}@{ImageDigest.Of(SHA256.HashData(BitConverter.GetBytes(index)))}"))];
        await AttestAsync(own, images.Take(SignedImages));
        var file = Write(string.Join("---\n", Enumerable.Range(0, Manifests).Select(index => Deployment($"web-{index}", images[index % DistinctImages].ToString()))));
        own.Emulator.Requests.Clear();

        var (code, answer) = await RunAsync(own, file);

        Assert.Equal(ExitCode.Refused, code);
        Assert.Equal(Manifests, answer["images"]!.AsArray().Count);
        Assert.Equal(Manifests / DistinctImages * (DistinctImages - SignedImages), answer["blocked"]!.GetValue<int>());
        Assert.All(answer["images"]!.AsArray(), (image, index) => Assert.Equal(index % DistinctImages < SignedImages ? "admitted" : "denied", image!["verdict"]!.GetValue<string>()));
        var requests = own.Emulator.Requests;
        var lists = (DistinctImages + AdmissionEvidenceReader.DigestsPerList - 1) / AdmissionEvidenceReader.DigestsPerList;
        Assert.Equal((1, 1, 1, lists), (requests.Count("/GetPolicy"), requests.Count("/GetSystemPolicy"), requests.Count("/GetAttestor"), requests.Count("/ListNoteOccurrences")));
        Assert.Equal(3 + lists, requests.Snapshot().Count);
    }

    [Fact]
    public async Task Check_NothingByDigest_AsksForThePoliciesOnly()
    {
        await using var own = await SigningWorld.StartAsync();

        var (code, _) = await RunAsync(own, Write(Deployment("web", "nginx:latest")));

        Assert.Equal(ExitCode.Refused, code);
        Assert.Equal(["GetPolicy", "GetSystemPolicy"], own.Emulator.Requests.Snapshot().Select(request => request.Method[(request.Method.LastIndexOf('/') + 1)..]));
    }

    public void Dispose() => directory.Delete(recursive: true);

    private string Endpoint => world.Emulator.GrpcEndpoint.ToString();

    private static (string Verdict, string Rule) Verdict(JsonNode image) => (image["verdict"]!.GetValue<string>(), image["rule"]!.GetValue<string>());

    private static string Deployment(string name, string image) =>
        $"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec:\n  template:\n    spec:\n      containers:\n      - name: server\n        image: {image}\n";

    private static async Task AttestAsync(SigningWorld world, IEnumerable<ImageReference> images)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var attestor = await world.Get<BinaryAuthorizationClient>().FindAttestorAsync(world.Attestor, cancellation);
        var key = Assert.Single(attestor!.Keys);
        var version = Assert.Single(await world.Get<KeyManagementClient>().ListEnabledVersionsAsync(world.Key, cancellation)).Name;
        foreach (var image in images)
        {
            var payload = AttestationPayload.Create(image);
            var signature = await world.Get<KeyManagementClient>().SignAsync(version, key.Algorithm!, payload, cancellation);
            await world.Get<ContainerAnalysisClient>().CreateAttestationAsync(
                SigningWorld.Project, new Attestation("", image.ResourceUri, world.Note, payload, [new AttestationSignature(key.Id, signature)], null), cancellation);
        }
    }

    private Task<(int Code, JsonNode Answer)> RunAsync(string manifests, params string[] more) => RunAsync(world, Write(manifests), more);

    private static Task<(int Code, JsonNode Answer)> RunAsync(SigningWorld world, string file, params string[] more) =>
        CommandLine.RunAsync(world.Emulator.GrpcEndpoint.ToString(), ["check", "-f", file, "--project", SigningWorld.Project, .. more]);

    private string Write(string manifests)
    {
        var file = Path.Combine(directory.FullName, $"{Guid.NewGuid():N}.yaml");
        File.WriteAllText(file, manifests, Encoding.UTF8);
        return file;
    }
}
