using System.Text.Json.Nodes;

namespace BinAuthz.Emulator.Tests.Logging;

public sealed class QueryTests(LoggingFixture logging) : IClassFixture<LoggingFixture>
{
    private const string GkeDenials = """
        resource.type="k8s_cluster"
        logName:"cloudaudit.googleapis.com%2Factivity"
        (protoPayload.methodName="io.k8s.core.v1.pods.create" OR protoPayload.methodName="io.k8s.core.v1.pods.update")
        protoPayload.response.status="Failure"
        (protoPayload.response.reason="VIOLATES_POLICY" OR protoPayload.response.reason="Forbidden")
        """;

    private const string CloudRunDenials = """
        resource.type="cloud_run_revision" AND logName:"cloudaudit.googleapis.com%2Fsystem_event" AND
        protoPayload.response.status.conditions.reason="ContainerImageUnauthorized"
        """;

    private const string FailOpen = """("image-policy.k8s.io/failed-open" OR "imagepolicywebhook.image-policy.k8s.io/failed-open" OR "failed-open.validating.webhook.admission.k8s.io")""";

    // Filters of the documentation, with what they find among the samples, wrong finds included.
    public static TheoryData<string, string[]> Documented => new()
    {
        { GkeDenials, ["gke-deny-always-deny", "gke-deny-legacy-forbidden", "gke-deny-no-attestation", "gke-deny-replicaset", "gke-deny-tag-not-digest", "gke-gatekeeper-deny-NOT-binauthz", "gke-rbac-forbidden-NOT-binauthz"] },
        { GkeDenials + "\nprotoPayload.response.message=~\"imagepolicywebhook\\\\.image-policy|denied by Binary Authorization|image policy webhook backend denied\"", ["gke-deny-always-deny", "gke-deny-legacy-forbidden", "gke-deny-no-attestation", "gke-deny-replicaset", "gke-deny-tag-not-digest"] },
        { "labels.\"imagepolicywebhook.image-policy.k8s.io/dry-run\"=\"true\"", ["gke-dryrun-would-deny"] },
        { "\"image-policy.k8s.io/break-glass\"", ["gke-breakglass-conformant", "gke-breakglass-label"] },
        { FailOpen, ["gke-failopen", "gke-failopen-alt-label", "gke-failopen-other-webhook-NOT-binauthz"] },
        { CloudRunDenials, ["cloudrun-deny", "cloudrun-unpullable-NOT-binauthz"] },
        { CloudRunDenials + " \"not authorized by policy\" -\"breakglass\"", ["cloudrun-deny"] },
        { "protoPayload.methodName=~\"BinauthzManagementServiceV1(Beta1)?\\.(UpdatePolicy|UpdateAttestor|CreateAttestor|DeleteAttestor)$\"", ["binauthz-create-attestor", "binauthz-update-attestor", "binauthz-update-policy"] },
        { "protoPayload.serviceName=\"cloudkms.googleapis.com\" AND protoPayload.methodName=(\"UpdateCryptoKeyVersion\" OR \"DestroyCryptoKeyVersion\")", ["kms-destroy-version", "kms-disable-version"] },
        { "logName:\"binaryauthorization.googleapis.com%2Fcontinuous_validation\" \"policyName\"", ["cv-violation"] },
        { "logName:\"binaryauthorization.googleapis.com%2Fcontinuous_validation\" \"configErrorEvent\"", ["cv-config-error"] },
        { "protoPayload.methodName=\"Docker-PutManifest\"", ["ar-docker-put-manifest"] },
    };

    [Theory]
    [MemberData(nameof(Documented))]
    public async Task List_DocumentedFilter_FindsTheSamples(string filter, string[] expected) => Assert.Equal(expected, await logging.FindAsync(filter));

    [Theory]
    [InlineData("insertId=\"kms-create-version\"")]
    [InlineData("insertId=KMS-create-VERSION")]
    [InlineData("insert_id=\"kms-create-version\"")]
    [InlineData("insertId:\"create-ver\" AND NOT insertId:kms-destroy")]
    [InlineData("insertId=~\"^kms-create\"")]
    [InlineData("insertId!~\"^(ar|binauthz|cloudrun|cv|gdc|gke|grafeas)-\" insertId!~\"(sign|destroy-version|disable-version)$\"")]
    [InlineData("insertId=\"kms-create-version\" -- a comment AND \"nothing\"\n")]
    [InlineData("-- first line\ninsertId='kms-create-version'")]
    [InlineData("insertId=\"kms-create-version\" OR \"no-such-text\" insertId:kms")]
    [InlineData("protoPayload.methodName:* resource.labels.\"key_ring_id\":* insertId:create-version")]
    [InlineData("log_id(\"cloudaudit.googleapis.com/activity\") AND insertId:kms-create")]
    [InlineData("(insertId>=\"kms-create-version\" insertId<=\"kms-create-version\")")]
    public async Task List_OneEntry_IsFoundByEveryForm(string filter) => Assert.Equal(["kms-create-version"], await logging.FindAsync(filter));

    [Theory]
    [InlineData("severity>=ERROR", "severity=(ERROR OR CRITICAL OR ALERT OR EMERGENCY)")]
    [InlineData("severity>=500", "severity>=error")]
    [InlineData("severity!=ERROR", "NOT severity=ERROR")]
    [InlineData("a OR b c", "(a OR b) AND c")]
    [InlineData("NOT a OR b", "(NOT a) OR b")]
    [InlineData("timestamp>=\"2026-10-01T00:00:00Z\" timestamp<\"2026-10-02\"", "timestamp>=\"2026-10-01T02:00:00+02:00\" AND timestamp<\"2026-10-02T00:00:00.000000000Z\"")]
    [InlineData("timestamp>=2026-10-01T00:00:00Z", "NOT timestamp<2026-10-01T00:00:00Z")]
    public async Task List_EquivalentFilters_FindTheSame(string left, string right)
    {
        var found = await logging.FindAsync(left);

        Assert.NotEmpty(found);
        Assert.Equal(found, await logging.FindAsync(right));
    }

    [Theory]
    [InlineData("protoPayload.response.code=403", "gke-deny-always-deny")]
    [InlineData("protoPayload.response.code>402", "gke-deny-always-deny")]
    [InlineData("protoPayload.authorizationInfo.permission=\"io.k8s.core.v1.pods.create\"", "gke-deny-always-deny")]
    [InlineData("protoPayload.status.code=7", "gke-deny-always-deny")]
    [InlineData("protoPayload.response:\"always_deny\"", "gke-deny-always-deny")]
    [InlineData("jsonPayload.podEvent.images.checkResults.verdict=\"NON_CONFORMANT\"", "cv-violation")]
    [InlineData("trace=\"\"", "cv-violation")]
    [InlineData("operation.first=true", "gke-deny-always-deny")]
    public async Task List_Path_ReachesTheField(string filter, string expected) => Assert.Contains(expected, await logging.FindAsync(filter));

    [Theory]
    [InlineData("jsonPayload.absent!=\"x\"")]
    [InlineData("labels.absent=\"x\"")]
    [InlineData("protoPayload.response.code>403")]
    [InlineData("methodName")]
    [InlineData("insertId=\"kms\"")]
    [InlineData("severity>EMERGENCY")]
    [InlineData("log_id(\"activity\")")]
    [InlineData("protoPayload.response.conditions:*")]
    public async Task List_NoMatch_FindsNothing(string filter) => Assert.Empty(await logging.FindAsync(filter));

    [Theory]
    [InlineData("severity>=", "line 1, column 11")]
    [InlineData("severity>=LOUD", "line 1, column 11")]
    [InlineData("a\nAND AND", "line 2, column 5")]
    [InlineData("(a", "line 1, column 3")]
    [InlineData("a)", "line 1, column 2")]
    [InlineData("insertId=\"open", "line 1, column 10")]
    [InlineData("insertId=~\"(\"", "line 1, column 11")]
    [InlineData("thud=1", "Field not found: 'thud'")]
    [InlineData("operation.thud=1", "Field not found: 'operation.thud'")]
    [InlineData("textPayload.thud=1", "Field not found: 'textPayload.thud'")]
    [InlineData("timestamp>\"yesterday\"", "line 1, column 11")]
    [InlineData("OR a", "line 1, column 1")]
    [InlineData("a OR", "line 1, column 5")]
    public async Task List_BadFilter_InvalidArgumentNamesThePosition(string filter, string problem)
    {
        var (status, json) = await logging.Emulator.SendAsync(HttpMethod.Post, "/v2/entries:list", new JsonObject { ["resourceNames"] = new JsonArray(LoggingFixture.Project), ["filter"] = filter }.ToJsonString());

        Assert.Equal(400, status);
        Assert.Equal("INVALID_ARGUMENT", (string?)json["error"]!["status"]);
        Assert.Contains(problem, (string?)json["error"]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_UnknownFunction_Unimplemented()
    {
        var (status, json) = await logging.Emulator.SendAsync(HttpMethod.Post, "/v2/entries:list", """{"resourceNames":["projects/acme-prod"],"filter":"sample(insertId, 0.1)"}""");

        Assert.Equal(501, status);
        Assert.Equal("UNIMPLEMENTED", (string?)json["error"]!["status"]);
    }
}
