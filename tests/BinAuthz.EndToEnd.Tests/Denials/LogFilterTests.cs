using System.Text.Json.Nodes;
using BinAuthz.Denials;

namespace BinAuthz.EndToEnd.Tests.Denials;

/// <summary>Each filter over every sample and negative control, as Logging reads it.</summary>
public sealed class LogFilterTests(LoggedSamples logged) : IClassFixture<LoggedSamples>
{
    // Queries see words, not whose words they are: these negative controls are found, and the reader ignores them.
    private static readonly string[] Indistinguishable =
    [
        "composed/cloudrun-words-NOT-binauthz",
        "composed/gke-breakglass-rbac-refused-NOT-binauthz",
        "composed/gke-gatekeeper-quotes-denial-NOT-binauthz",
        "composed/gke-rbac-quotes-denial-NOT-binauthz",
    ];

    public static TheoryData<string, string[]> Found => new()
    {
        {
            "gke-denial",
            [
                "composed/gke-deny-cronjob", "composed/gke-deny-deployment", "composed/gke-deny-ephemeral-container", "composed/gke-deny-init-container",
                "composed/gke-deny-rewritten-image", "composed/gke-deny-several-images", "composed/gke-deny-without-request",
                "composed/gke-gatekeeper-quotes-denial-NOT-binauthz", "composed/gke-rbac-quotes-denial-NOT-binauthz",
                "gke-deny-always-deny", "gke-deny-legacy-forbidden", "gke-deny-no-attestation", "gke-deny-replicaset", "gke-deny-tag-not-digest",
            ]
        },
        { "gke-dry-run", ["gke-dryrun-would-deny"] },
        { "gke-break-glass", ["composed/gke-breakglass-old-annotation", "composed/gke-breakglass-rbac-refused-NOT-binauthz", "composed/gke-breakglass-several-images", "gke-breakglass-conformant", "gke-breakglass-label"] },
        { "gke-fail-open", ["gke-failopen", "gke-failopen-alt-label"] },
        { "gdc-denial", ["composed/gdc-deny"] },
        { "gdc-dry-run", ["gdc-dryrun"] },
        { "gdc-break-glass", ["composed/gdc-breakglass"] },
        { "gdc-fail-open", ["composed/gdc-failopen"] },
        { "run-denial", ["cloudrun-deny", "composed/cloudrun-job-deny"] },
        { "run-dry-run", ["composed/cloudrun-dryrun", "composed/cloudrun-words-NOT-binauthz"] },
        { "run-break-glass", ["cloudrun-breakglass", "composed/cloudrun-words-NOT-binauthz"] },
        { "run-check-failed", ["cloudrun-check-failed"] },
        { "cv-violation", ["composed/cv-violation-several-images", "cv-violation"] },
        { "cv-config-error", ["cv-config-error"] },
        { "policy-change", ["binauthz-update-policy", "composed/binauthz-create-platform-policy", "composed/binauthz-update-policy-v1beta1"] },
        { "attestor-change", ["binauthz-create-attestor", "binauthz-update-attestor", "composed/binauthz-delete-attestor"] },
        { "access-change", ["composed/binauthz-set-iam-attestor", "composed/grafeas-set-iam-note", "composed/kms-set-iam-key"] },
        { "key-version-change", ["composed/kms-disable-version-qualified-method", "composed/kms-enable-version", "composed/kms-restore-version", "kms-destroy-version", "kms-disable-version"] },
        { "key-revoked", ["composed/binauthz-key-revoked"] },
        { "audit-finding", ["composed/binauthz-audit-finding"] },
    };

    [Theory]
    [MemberData(nameof(Found))]
    public async Task Filter_OverEverySample_FindsItsOwn(string id, string[] expected) =>
        Assert.Equal(expected, await logged.FindAsync(LogFilters.All.Single(filter => filter.Id == id).Filter));

    [Fact]
    public void Table_NamesEveryFilter() => Assert.Equal(LogFilters.All.Select(filter => filter.Id), Found.Select(row => row.Data.Item1));

    [Fact]
    public async Task Sink_FindsWhatAnyFilterFinds() =>
        Assert.Equal(Found.SelectMany(row => row.Data.Item2).Distinct().Order(StringComparer.Ordinal), await logged.FindAsync(LogFilters.Sink));

    [Fact]
    public async Task Sink_Published_IsFoundByTheReaderUnlessIndistinguishable()
    {
        var published = await logged.PullAsync();

        Assert.Equal(Found.SelectMany(row => row.Data.Item2).Distinct().Order(StringComparer.Ordinal), published.Select(Name).Order(StringComparer.Ordinal));
        Assert.Equal(Indistinguishable, published.Where(entry => LogEntryReader.Read(entry).Findings.Count == 0).Select(Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Reader_FindsNothingThatTheSinkMisses()
    {
        var found = await logged.FindAsync(LogFilters.Sink);

        Assert.All(LoggedSamples.Names.Except(found), name => Assert.Empty(LogEntryReader.Read(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "testdata", "logs", $"{name}.json"))).Findings));
    }

    private static string Name(byte[] entry) => (string)JsonNode.Parse(entry)!["insertId"]!;
}
