using System.Text.Json.Nodes;
using BinAuthz.Cli;

namespace BinAuthz.Tests.Cli.Approval;

/// <summary><c>binauthz approval test</c> on the recorded evidence.</summary>
public sealed class ApprovalTestTests : IDisposable
{
    private const string Image = "us-docker.pkg.dev/acme-prod/apps/web@sha256:708a5f9d8de66561de5129583928203b05587db98b695fa982ec4a5b8a3e94bc";
    private const string GoogleKey = "projects/verified-builder/locations/global/keyRings/attestor/cryptoKeys/google-hosted-worker/cryptoKeyVersions/1";

    private const string Policy = $$"""
        environment: production
        attestor: projects/acme-prod/attestors/production-attestor
        deadline: 24h
        rules:
          repositories:
            - image: us-docker.pkg.dev/acme-prod/apps/**
              tags: [v1*]
          provenance:
            builders: [https://cloudbuild.googleapis.com/GoogleHostedWorker]
            sources: [https://github.com/acme/web]
            keys: [{kms: {{GoogleKey}}}]
        """;

    private readonly TemporaryDirectory directory = new();

    public ApprovalTestTests()
    {
        File.WriteAllText(directory["approval.yaml"], Policy);
        Directory.CreateDirectory(directory["evidence"]);
        foreach (var (from, to) in new[]
        {
            ("vuln/build-provenance-slsa-v1.json", "build.json"),
            ("vuln/build-provenance-test-key.pem", "key.pem"),
            ("vuln/vulnerability-critical-fixable.json", "vulnerability.json"),
            ("vuln/discovery-finished-success.json", "discovery.json"),
            ("logs/ar-docker-put-manifest.json", "push.json"),
            ("attestation/attestor-single-key.json", "attestor.json"),
            ("attestation/occurrence-https-style.json", "attestation.json"),
        })
        {
            File.Copy(TestData.FullPath(from), directory[$"evidence/{to}"]);
        }
    }

    [Theory]
    [InlineData("tags: [v1], occurrences: [evidence/build.json], keys: {KEY: evidence/key.pem}, expect: approved, codes: [provenance-verified, repository-allowed]")]
    [InlineData("tags: [v1], occurrences: [evidence/build.json], keys: {KEY: {pem: evidence/key.pem, algorithm: ec-sign-p256-sha256}}, expect: approved")]
    [InlineData("tags: [v1], occurrences: [evidence/build.json], expect: rejected, codes: [provenance-key-unavailable]")]
    [InlineData("occurrences: [evidence/build.json], keys: {KEY: evidence/key.pem}, expect: not-ready, codes: [tag-missing]")]
    [InlineData("tags: [v1], expect: not-ready, codes: [provenance-missing]")]
    [InlineData("tags: [v1], uploaded: 2026-10-01T08:15:00Z, now: 2026-10-02T08:00:00Z, expect: not-ready")]
    [InlineData("tags: [v1], uploaded: 2026-10-01T08:15:00Z, now: 2026-10-03T08:00:00Z, expect: rejected, codes: [deadline-passed]")]
    [InlineData("tags: [v1], attestors: [evidence/attestor.json], occurrences: [evidence/attestation.json], expect: not-ready")]
    [InlineData("attestor: projects/acme-prod/attestors/production-attestor, expect: not-ready")]
    public async Task Test_CaseAsExpected_IsOk(string rest)
    {
        var (code, output, error) = await RunAsync(Case(rest));

        Assert.Equal("ok: a case", output.TrimEnd());
        Assert.Contains("Cases: 1, ok: 1, failed: 0.", error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, code);
    }

    [Theory]
    [InlineData("vulnerabilities: {maximumFixable: LOW, maximumUnfixable: LOW, maxAge: 30d}", "occurrences: [evidence/discovery.json], expect: approved, codes: [vulnerabilities-acceptable]")]
    [InlineData("vulnerabilities: {maximumFixable: LOW, maximumUnfixable: LOW, maxAge: 30d}", "occurrences: [evidence/discovery.json, evidence/vulnerability.json], expect: rejected, codes: [vulnerability-fixable]")]
    [InlineData("vulnerabilities: {maximumFixable: LOW, maximumUnfixable: LOW, maxAge: 30d}", "occurrences: [evidence/vulnerability.json], expect: not-ready, codes: [scan-missing]")]
    [InlineData("vulnerabilities: {maximumFixable: LOW, maximumUnfixable: LOW, maxAge: 1h}", "occurrences: [evidence/discovery.json], expect: rejected, codes: [scan-stale]")]
    [InlineData("notRoot: true", "configurations: [evidence/config.json], expect: rejected, codes: [user-is-root]")]
    [InlineData("labels: {team: payments}", "configurations: [evidence/config.json], expect: approved")]
    [InlineData("labels: {team: payments}", "expect: not-ready, codes: [configuration-missing]")]
    [InlineData("pushedBy: [builder@acme-prod.iam.gserviceaccount.com]", "uploaded: 2026-10-01T00:00:00Z, pushes: [evidence/push.json], expect: approved, codes: [pusher-allowed]")]
    [InlineData("pushedBy: [somebody@acme-prod.iam.gserviceaccount.com]", "uploaded: 2026-10-01T00:00:00Z, pushes: [evidence/push.json], expect: rejected, codes: [pusher-not-allowed]")]
    public async Task Test_EveryKindOfEvidence_IsWeighed(string rule, string rest)
    {
        await File.WriteAllTextAsync(
            directory["approval.yaml"], $"environment: production\nattestor: projects/acme-prod/attestors/production-attestor\nrules: {{repositories: none, provenance: none, {rule}}}\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            directory["evidence/config.json"], """{"os":"linux","architecture":"amd64","config":{"User":"root","Labels":{"team":"payments"}}}""", TestContext.Current.CancellationToken);

        var (code, output, error) = await RunAsync(Case($"now: 2026-10-01T12:00:00Z, {rest}"));

        Assert.True(code == ExitCode.Ok, output + error);
    }

    [Fact]
    public async Task Test_BytesInTheAlphabetForUrls_AreRead()
    {
        var occurrence = JsonNode.Parse(await File.ReadAllTextAsync(directory["evidence/build.json"], TestContext.Current.CancellationToken))!;
        var signature = occurrence["envelope"]!["signatures"]![0]!;
        Assert.Contains('+', (string)signature["sig"]!);
        signature["sig"] = ((string)signature["sig"]!).Replace('+', '-').Replace('/', '_');
        await File.WriteAllTextAsync(directory["evidence/url.json"], occurrence.ToJsonString(), TestContext.Current.CancellationToken);

        var (code, output, error) = await RunAsync(Case("tags: [v1], occurrences: [evidence/url.json], keys: {KEY: evidence/key.pem}, expect: approved"));

        Assert.True(code == ExitCode.Ok, output + error);
    }

    [Theory]
    [InlineData("pushes: [evidence/build.json]", "evidence/build.json: it holds no audit entry of a Docker-PutManifest that succeeded")]
    [InlineData("configurations: [evidence/nothing.json]", "evidence/nothing.json: it cannot be read")]
    public async Task Test_OtherEvidenceThanSaid_IsRefused(string rest, string expected)
    {
        var (code, _, error) = await RunAsync(Case($"{rest}, expect: approved"));

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_CaseOtherThanExpected_TellsTheDifferenceAndTheReasons()
    {
        var (code, output, _) = await RunAsync(Case("tags: [v1], expect: approved, codes: [provenance-verified, repository-allowed]"));

        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains("failed: a case: expected approved, and is not-ready; no result has provenance-verified", output, StringComparison.Ordinal);
        Assert.Contains("provenance: awaiting (provenance-missing)", output, StringComparison.Ordinal);
        Assert.Contains("remedy: Build the image with a trusted builder", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_SeveralFilesAsJson_HasEveryCase()
    {
        var (code, output, _) = await RunAsync(Case("tags: [v1], expect: approved") + Case("expect: not-ready")[(Case("").IndexOf("  -", StringComparison.Ordinal))..], "--format", "json");

        Assert.Equal(ExitCode.Refused, code);
        var document = JsonNode.Parse(output)!;
        Assert.Equal([false, true], document["cases"]!.AsArray().Select(each => each!["ok"]!.GetValue<bool>()));
        Assert.Equal((1, 1), (document["ok"]!.GetValue<int>(), document["failed"]!.GetValue<int>()));
        Assert.Equal("not-ready", document["cases"]![0]!["actual"]!.GetValue<string>());
        Assert.Equal("provenance-missing", document["cases"]![0]!["rules"]![1]!["code"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("""[{"name": "o", "kind": "BUILD", "resourceUri": "https://IMAGE", "notKnownHere": 1}]""")]
    [InlineData("""{"occurrences": [{"name": "o", "kind": "BUILD", "resourceUri": "https://IMAGE"}], "nextPageToken": ""}""")]
    [InlineData("[]")]
    public async Task Test_OccurrencesInAnyForm_AreRead(string json)
    {
        await File.WriteAllTextAsync(directory["evidence/list.json"], json.Replace("IMAGE", Image, StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var (code, _, error) = await RunAsync(Case("tags: [v1], occurrences: [evidence/list.json], expect: not-ready"));

        Assert.True(code == ExitCode.Ok, error);
    }

    [Theory]
    [InlineData("occurrences: [evidence/nothing.json], expect: approved", "evidence/nothing.json: it cannot be read")]
    [InlineData("occurrences: [evidence/key.pem], expect: approved", "evidence/key.pem: it is not JSON")]
    [InlineData("occurrences: [evidence/attestor.json], expect: approved", "evidence/attestor.json: it holds an entry without resourceUri")]
    [InlineData("occurrences: [evidence/attestation.json], expect: approved", "evidence/attestation.json: projects/acme-security/occurrences/1d9d7b6e-51a7-4c38-8f2b-9b2d0b6a7c02 hangs on")]
    [InlineData("attestors: [evidence/build.json], expect: approved", "evidence/build.json: ")]
    [InlineData("keys: {KEY: evidence/build.json}, expect: approved", "evidence/build.json: it is not such a public key")]
    [InlineData("keys: {KEY: {pem: evidence/key.pem, algorithm: rsa-sign-pss-2048-sha256}}, expect: approved", "evidence/key.pem: it is not such a public key")]
    public async Task Test_UnusableEvidence_NamesTheFile(string rest, string expected)
    {
        var (code, output, error) = await RunAsync(Case(rest));

        Assert.Equal(ExitCode.Usage, code);
        Assert.Empty(output);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_EvidenceOfAnotherImage_IsRefused()
    {
        var (code, _, error) = await RunAsync(Case("occurrences: [evidence/build.json], expect: approved").Replace("apps/web", "apps/other", StringComparison.Ordinal));

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("build.json: projects/acme-prod/occurrences/bbbbbbbb-2222-4333-8444-555566667777 is about https://us-docker.pkg.dev/acme-prod/apps/web", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "1:1: The file is empty.")]
    [InlineData("policy: approval.yaml\n", "1:1: The key 'cases' is missing.")]
    [InlineData("policy: approval.yaml\ncases: [{name: n}]\n", "2:9: The key 'image' is missing.")]
    [InlineData("policy: approval.yaml\ncases: [{name: n, image: IMAGE, expect: maybe}]\n", "expect must be a decision.")]
    [InlineData("policy: approval.yaml\ncases: [{name: n, image: us-docker.pkg.dev/p/r/i:v1, expect: approved}]\n", "2:26: 'us-docker.pkg.dev/p/r/i:v1' is not an image by digest.")]
    [InlineData("policy: approval.yaml\ncases: [{name: n, image: IMAGE, expect: approved, now: today}]\n", "now must be a time.")]
    [InlineData("policy: approval.yaml\ncases: [{name: n, image: IMAGE, expect: approved, evidence: x}]\n", "A case has no key 'evidence'.")]
    [InlineData("policy: approval.yaml\ncases: [{name: n, image: IMAGE, expect: approved, attestor: projects/p/attestors/other}]\n", "is no attestor of the policy.")]
    [InlineData("policy: approval.yaml\ncases: [{name: n, image: IMAGE, expect: approved, keys: {a: evidence/key.pem}}]\n", "A key of keys must be a KMS key version.")]
    [InlineData("policy: nothing.yaml\ncases: [{name: n, image: IMAGE, expect: approved}]\n", "nothing.yaml:1:1: The file cannot be read")]
    [InlineData("policy: evidence/build.json\ncases: [{name: n, image: IMAGE, expect: approved}]\n", "build.json:2:3: the policy has no key 'name'.")]
    [InlineData("policy: {", "not readable YAML")]
    public async Task Test_UnreadableCases_TellsWhereAndWhat(string yaml, string expected)
    {
        var (code, output, error) = await RunAsync(yaml.Replace("IMAGE", Image, StringComparison.Ordinal));

        Assert.Equal(ExitCode.Usage, code);
        Assert.Empty(output);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_MissingFile_ExitsWithUsage()
    {
        var (code, _, error) = await Tool.RunAsync("approval", "test", directory["nothing.yaml"]);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("nothing.yaml:1:1: The file cannot be read", error, StringComparison.Ordinal);
    }

    public void Dispose() => directory.Dispose();

    private static string Case(string rest) => $$"""
        policy: approval.yaml
        cases:
          - {name: a case, image: {{Image}}, {{rest.Replace("KEY", GoogleKey, StringComparison.Ordinal)}}}

        """;

    private async Task<(int Code, string Output, string Error)> RunAsync(string yaml, params string[] more)
    {
        await File.WriteAllTextAsync(directory["cases.yaml"], yaml, TestContext.Current.CancellationToken);
        return await Tool.RunAsync(["approval", "test", directory["cases.yaml"], .. more]);
    }
}
