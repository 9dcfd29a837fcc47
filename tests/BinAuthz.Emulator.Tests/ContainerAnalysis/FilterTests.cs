using Grafeas.V1;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;

namespace BinAuthz.Emulator.Tests.ContainerAnalysis;

public sealed class FilterTests
{
    private const string Server1 = GrafeasFixture.Image + "@sha256:0000000000000000000000000000000000000000000000000000000000000001";
    private const string Server2 = GrafeasFixture.Image + "@sha256:0000000000000000000000000000000000000000000000000000000000000002";
    private const string Digest1 = "sha256:0000000000000000000000000000000000000000000000000000000000000001";

    // What is there, created a minute apart from 2026-10-01T08:00:00Z on: a1 and a2 are attestations, b1 is one without a scheme, s1 a scan.
    public static TheoryData<string, string> Filters => new()
    {
        { "", "a1 b1 a2 s1" },
        { "   ", "a1 b1 a2 s1" },
        { $"has_suffix(resourceUrl, \"{Digest1}\")", "a1 b1 s1" },
        { "has_suffix(resourceUrl, \"0002\")", "a2" },
        { $"has_suffix(resourceUri, \"server@{Digest1}\")", "a1 b1 s1" },
        { $"has_suffix(resourceUrl, 'other@{Digest1}')", "" },
        { $"resourceUrl=\"https://{Server1}\"", "a1 s1" },
        { $"resourceUrl = \"{Server1}\"", "b1" },
        { $"resourceUrl != \"https://{Server1}\"", "b1 a2" },
        { $"NOT resourceUrl = \"https://{Server1}\"", "b1 a2" },
        { $"resourceUrl=\"https://{Server1}\" AND kind=\"ATTESTATION\"", "a1" },
        { "kind=\"DISCOVERY\"", "s1" },
        { "kind = ATTESTATION", "a1 b1 a2" },
        { "kind != \"ATTESTATION\"", "s1" },
        { "noteProjectId=\"goog-analysis\" AND noteId=\"PACKAGE_VULNERABILITY\"", "s1" },
        { "has_prefix(resourceUrl, \"us-central1-docker.pkg.dev/acme-prod/app\")", "b1" },
        { "has_prefix(noteId, \"production\")", "a1 b1 a2" },
        { $"((kind = \"BUILD\") OR (kind = \"SBOM_REFERENCE\")) AND ((resourceUrl = \"https://{Server1}\") OR (resourceUrl = \"{Server1}\"))", "" },
        { $"((kind = \"DISCOVERY\") OR (kind = \"ATTESTATION\")) AND ((resourceUrl = \"https://{Server1}\") OR (resourceUrl = \"{Server1}\"))", "a1 b1 s1" },
        { $"(((kind = \"DISCOVERY\"))) AND ((resourceUrl = \"https://{Server1}\"))", "s1" },
        { $"((has_prefix(resourceUrl, \"https://us-central1\") OR has_prefix(resourceUrl, \"us-central1\")) AND (kind=\"BUILD\" OR kind=\"DISCOVERY\")) AND ((resourceUrl = \"{Server1}\") OR (resourceUrl = \"https://{Server1}\"))", "s1" },
        { $"resourceUrl = \"{Server1}\" OR resourceUrl = \"https://{Server2}\"", "b1 a2" },
        { $"resourceUrl = \"{Server1}\" AND resourceUrl = \"https://{Server2}\"", "" },
        { $"resourceUrl = \"{Server1}\" OR kind = \"DISCOVERY\"", "b1 s1" },
        { "kind = \"DISCOVERY\" AND kind = \"ATTESTATION\" OR kind = \"DISCOVERY\"", "s1" },
        { "NOT (kind = \"DISCOVERY\" OR has_suffix(resourceUrl, \"0002\"))", "a1 b1" },
        { "NOT NOT kind = \"DISCOVERY\"", "s1" },
        { "createTime >= \"2026-10-01T08:02:00Z\"", "a2 s1" },
        { "createTime > \"2026-10-01T10:02:00+02:00\"", "s1" },
        { "createTime<2026-10-01T08:01:00Z", "a1" },
        { "createTime<=\"2026-10-01T08:01:00Z\" AND updateTime!=\"2026-10-01T08:00:00Z\"", "b1" },
        { "createTime = \"2026-10-01T08:03:00Z\"", "s1" },
        { "resourceUrl = \"with \\\"quotes\\\"\"", "" },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task ListOccurrences_Filter_ReturnsWhatItStates(string filter, string expected)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 10, 1, 8, 0, 0, TimeSpan.Zero));
        await using var emulator = await TestEmulator.StartAsync(new EmulatorOptions { TimeProvider = time });
        var grafeas = await GrafeasFixture.StartAsync(emulator);
        foreach (var occurrence in new[] { GrafeasFixture.Attestation(1, label: "a1"), GrafeasFixture.Attestation(1, scheme: "", label: "b1"), GrafeasFixture.Attestation(2, label: "a2"), GrafeasFixture.Scan(1, "s1") })
        {
            await grafeas.CreateAsync(occurrence);
            time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(expected, string.Join(' ', await grafeas.ListAsync(filter)));
    }

    public static TheoryData<string, string> BadFilters => new()
    {
        { "severity = \"HIGH\"", "severity" },
        { "kind = \"SIGNATURE\"", "SIGNATURE" },
        { "kind > \"BUILD\"", ">" },
        { "kind", "operator" },
        { "kind = ", "value" },
        { "kind = \"BUILD\" AND", "field" },
        { "kind = \"BUILD\" kind = \"BUILD\"", "AND, OR" },
        { "(kind = \"BUILD\"", "')'" },
        { "kind = \"BUILD\")", "')'" },
        { "kind = \"BUILD", "without an end" },
        { "contains(resourceUrl, \"x\")", "contains" },
        { "has_suffix(resourceUrl)", "','" },
        { "has_suffix(createTime, \"x\")", "createTime" },
        { "createTime > \"yesterday\"", "yesterday" },
        { "createTime , \"2026-10-01T08:03:00Z\"", "operator" },
        { "kind = \"BUILD\" & kind = \"BUILD\"", "'&'" },
        { "kind : \"BUILD\"", "operator" },
        { new string('(', 5000), "nested" },
    };

    [Theory]
    [MemberData(nameof(BadFilters))]
    public async Task ListOccurrences_FilterThatIsNotUnderstood_IsRefusedWithTheReason(string filter, string reason)
    {
        await using var emulator = await TestEmulator.StartAsync();
        var grafeas = new GrafeasFixture(emulator);

        var error = await Assert.ThrowsAsync<RpcException>(() => grafeas.ListAsync(filter));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains(reason, error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListNotes_Filter_ReturnsWhatItStates()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var grafeas = await GrafeasFixture.StartAsync(emulator);
        await grafeas.CreateNoteAsync(GrafeasFixture.Project, "staging-note");

        var found = await grafeas.Client.ListNotesAsync(
            new ListNotesRequest { Parent = GrafeasFixture.Project, Filter = "kind=\"ATTESTATION\" AND has_prefix(noteId, \"staging\")" }, cancellationToken: TestEmulator.Stop);

        Assert.Equal("projects/acme-prod/notes/staging-note", Assert.Single(found.Notes).Name);
    }

    [Fact]
    public async Task GetVulnerabilityOccurrencesSummary_TwoImages_CountsPerImageAndSeverity()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var grafeas = new GrafeasFixture(emulator);
        await grafeas.CreateAsync(GrafeasFixture.Vulnerability(1, Severity.High, fixable: true));
        await grafeas.CreateAsync(GrafeasFixture.Vulnerability(1, Severity.High, fixable: false, "CVE-2026-0002"));
        await grafeas.CreateAsync(GrafeasFixture.Vulnerability(1, Severity.Critical, fixable: true, "CVE-2026-0003"));
        await grafeas.CreateAsync(GrafeasFixture.Vulnerability(2, Severity.Low, fixable: false));

        var (status, summary) = await emulator.SendAsync(HttpMethod.Get, $"/v1/projects/acme-prod/occurrences:vulnerabilitySummary?filter={Uri.EscapeDataString($"resourceUrl = \"https://{Server1}\"")}");

        Assert.Equal(200, status);
        Assert.Equal(
            [$"https://{Server1}  2/3", $"https://{Server1} HIGH 1/2", $"https://{Server1} CRITICAL 1/1"],
            summary["counts"]!.AsArray().Select(count => $"{count!["resourceUri"]} {count["severity"]} {count["fixableCount"]}/{count["totalCount"]}"));
    }
}
