using System.Net;
using System.Text;
using BinAuthz.GoogleCloud;
using BinAuthz.Tests.Auditing;

namespace BinAuthz.Tests.GoogleCloud;

public sealed class IamClientTests
{
    private const string Policy = """
        {"version":3,"bindings":[{"role":"roles/a","members":["user:x","user:y",3]},{"role":"projects/p/roles/b","members":["allUsers"],"condition":{"title":"t","expression":"request.time < timestamp('2027-01-01T00:00:00Z')"}}],
         "auditConfigs":[{"service":"allServices","auditLogConfigs":[{"logType":"ADMIN_READ"},{"logType":"DATA_WRITE","exemptedMembers":["user:z"]}]},{"service":"cloudkms.googleapis.com","auditLogConfigs":[{"logType":"DATA_READ"}]}]}
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetPolicyAsync_Policy_IsReadWithConditionsAndAuditLogs()
    {
        using var answers = new Answer(HttpStatusCode.OK, Policy);

        var policy = await Client(answers).GetPolicyAsync(CleanAccess.Key, Stop);

        Assert.Equal(["roles/a", "projects/p/roles/b"], policy.Bindings.Select(binding => binding.Role));
        Assert.Equal(["user:x", "user:y"], policy.Bindings[0].Members);
        Assert.Equal(["", "request.time < timestamp('2027-01-01T00:00:00Z')"], policy.Bindings.Select(binding => binding.Condition));
        Assert.True(policy.Records("cloudkms.googleapis.com", "DATA_READ"));
        Assert.True(policy.Records("anything", "DATA_WRITE"));
        Assert.False(policy.Records("anything", "DATA_READ"));
        Assert.Equal("user:z", Assert.Single(policy.Exempted("cloudkms.googleapis.com", "DATA_WRITE")));
        Assert.Empty(policy.Exempted("cloudkms.googleapis.com", "DATA_READ"));
    }

    public static TheoryData<string, string, string, string> Requests => new()
    {
        { "key", "GET", "cloudkms.googleapis.com", "/v1/projects/acme-prod/locations/us-central1/keyRings/production-binauthz/cryptoKeys/attestor-key:getIamPolicy?options.requestedPolicyVersion=3" },
        { "audit key", "GET", "cloudkms.googleapis.com", "/v1/projects/acme-prod/locations/us-central1/keyRings/production-binauthz/cryptoKeys/audit-key:getIamPolicy?options.requestedPolicyVersion=3" },
        { "ring", "GET", "cloudkms.googleapis.com", "/v1/projects/acme-prod/locations/us-central1/keyRings/production-binauthz:getIamPolicy?options.requestedPolicyVersion=3" },
        { "attestor", "GET", "binaryauthorization.googleapis.com", "/v1/projects/acme-prod/attestors/production-attestor:getIamPolicy?options.requestedPolicyVersion=3" },
        { "policy", "GET", "binaryauthorization.googleapis.com", "/v1/projects/acme-prod/policy:getIamPolicy?options.requestedPolicyVersion=3" },
        { "note", "POST", "containeranalysis.googleapis.com", "/v1/projects/acme-prod/notes/production-note:getIamPolicy" },
        { "project", "POST", "cloudresourcemanager.googleapis.com", "/v1/projects/acme-prod:getIamPolicy" },
        { "bucket", "GET", "storage.googleapis.com", "/storage/v1/b/acme-prod-binauthz-evidence/iam?optionsRequestedPolicyVersion=3" },
        { "identity", "POST", "iam.googleapis.com", "/v1/projects/-/serviceAccounts/production-signer%40acme-prod.iam.gserviceaccount.com:getIamPolicy" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task GetPolicyAsync_EachResource_IsAskedAsItsApiHasIt(string name, string verb, string host, string path)
    {
        using var answers = new Answer(HttpStatusCode.OK, "{}");
        var resource = name switch
        {
            "key" => CleanAccess.Key,
            "audit key" => CleanAccess.AuditKey,
            "ring" => CleanAccess.KeyRing,
            "attestor" => CleanAccess.Attestor,
            "policy" => CleanAccess.Policy,
            "note" => CleanAccess.Note,
            "project" => CleanAccess.Project,
            "bucket" => CleanAccess.Bucket,
            _ => CleanAccess.Identity,
        };

        var policy = await Client(answers).GetPolicyAsync(resource, Stop);

        Assert.Empty(policy.Bindings);
        Assert.Equal((verb, host, path), (answers.Verb, answers.Host, answers.Path));
        Assert.Equal(verb == "POST" ? """{"options":{"requestedPolicyVersion":3}}""" : "", answers.Body);
        Assert.Equal(name is "bucket" or "identity" ? "" : "acme-prod", resource.Owner);
    }

    [Theory]
    [InlineData(HttpStatusCode.OK, """{"includedPermissions":["a.b.c","d.e.f"]}""", "a.b.c d.e.f")]
    [InlineData(HttpStatusCode.OK, """{"deleted":false,"includedPermissions":["a.b.c"]}""", "a.b.c")]
    [InlineData(HttpStatusCode.OK, """{"deleted":true,"includedPermissions":["a.b.c"]}""", "")]
    [InlineData(HttpStatusCode.OK, "{}", "")]
    [InlineData(HttpStatusCode.NotFound, "{}", "")]
    public async Task GetRoleAsync_Answers_TellWhatItHolds(HttpStatusCode code, string body, string permissions)
    {
        using var answers = new Answer(code, body);

        Assert.Equal(permissions, string.Join(' ', (await Client(answers).GetRoleAsync("projects/p/roles/x", Stop)).Order(StringComparer.Ordinal)));

        Assert.Equal(("GET", "iam.googleapis.com", "/v1/projects/p/roles/x"), (answers.Verb, answers.Host, answers.Path));
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, "{}")]
    [InlineData(HttpStatusCode.OK, "[]")]
    [InlineData(HttpStatusCode.OK, "{")]
    public async Task GetRoleAsync_RefusedOrUnreadable_Throws(HttpStatusCode code, string body)
    {
        using var answers = new Answer(code, body);

        await Assert.ThrowsAsync<GoogleCallException>(() => Client(answers).GetRoleAsync("projects/p/roles/x", Stop));
    }

    [Fact]
    public async Task ListAuditedWritesAsync_Policy_TellsTheServices()
    {
        using var answers = new Answer(HttpStatusCode.OK, Policy);

        Assert.Equal("allServices", Assert.Single(await Client(answers).ListAuditedWritesAsync("acme-prod", Stop)));
    }

    private static IamClient Client(Answer answers) => new(new GoogleHttp(new HttpClient(answers), new BinAuthzOptions { Endpoint = new Uri("http://127.0.0.1:1") }, new GoogleTokens(), TimeProvider.System));

    private sealed class Answer(HttpStatusCode code, string body) : HttpMessageHandler
    {
        public string Verb { get; private set; } = "";

        public string Host { get; private set; } = "";

        public string Path { get; private set; } = "";

        public string Body { get; private set; } = "";

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            (Verb, Host, Path) = (request.Method.Method, request.Headers.Host!, request.RequestUri!.PathAndQuery);
            Body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            return new HttpResponseMessage(code) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        }
    }
}
