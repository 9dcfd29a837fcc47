using BinAuthz.Attestations;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Facts;
using BinAuthz.Checkup;
using BinAuthz.Checkup.Facts;
using BinAuthz.GoogleCloud;
using BinAuthz.Signing;
using Authz = Google.Cloud.BinaryAuthorization.V1;
using Evaluation = Google.Cloud.BinaryAuthorization.V1.AdmissionRule.Types.EvaluationMode;

namespace BinAuthz.Tests.Auditing.Facts;

public sealed class PolicyFactReaderTests
{
    private const string Enforce = "PROJECT_SINGLETON_POLICY_ENFORCE";
    private static readonly AttestorName Built = AttestorName.Parse("projects/acme-ci/attestors/built");

    [Fact]
    public async Task Read_Everything_KnowsTheAttestorsThatTheRulesNameAndThoseBesideThem()
    {
        var google = Stub().On("GetAttestor", CleanFacts.Subject.Attestor.ToString(), Attestor(CleanFacts.Subject.Attestor.ToString()));

        var read = await ReadAsync(google, CleanFacts.Request);

        Assert.Equal("projects/acme-prod/policy", Known(read.Policy).Name);
        Assert.Equal([Built, CleanFacts.Subject.Attestor], read.Attestors.Keys.OrderBy(name => name.ToString(), StringComparer.Ordinal));
        Assert.Null(Known(read.Attestors[Built]));
        Assert.Equal(CleanFacts.Subject.Attestor, Known(read.Attestors[CleanFacts.Subject.Attestor])!.Name);
        Assert.Equal(["staging-attestor"], Known(read.Neighbours).Select(each => each.Name.Id));
        Assert.Equal([("us-central1.gone", null), ("us-central1.prod", Enforce)], Known(read.Clusters).Select(each => (each.Key, each.Value)).Order());
        Assert.Empty(read.Others);
    }

    [Fact]
    public async Task Read_OtherProjects_AreReadOnceEach()
    {
        var google = Stub()
            .On("GetPolicy", "projects/acme-run/policy", new Authz.Policy { Name = "projects/acme-run/policy" })
            .On("/v1/projects/acme-run/locations/-/clusters", """{"clusters":[{"name":"run","location":"us-east1"}]}""");
        var request = WithProjects("acme-run", "acme-prod", "acme-run");

        var read = await ReadAsync(google, request);

        var other = Assert.Single(read.Others);
        Assert.Equal(("acme-run", "projects/acme-run/policy"), (other.Project, Known(other.Policy).Name));
        Assert.Equal([KeyValuePair.Create("us-east1.run", (string?)"DISABLED")], Known(other.Clusters));
        Assert.Equal(["acme-prod", "acme-run"], read.Admissions(request).Select(admission => admission.Project));
        Assert.Equal(["acme-run"], read.Admissions(WithProjects("acme-run")).Select(admission => admission.Project));
        Assert.Equal(2, google.Asked.Count(call => call.StartsWith("GetPolicy", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Read_AttestorsOfSeveralProjects_AreAllNeighbours()
    {
        var google = Stub().On("ListAttestors", "projects/acme-ci", new Authz.ListAttestorsResponse { Attestors = { Attestor(Built.ToString()) } });
        var request = CleanFacts.Request with { Subjects = [CleanFacts.Subject, CleanFacts.Subject, new SigningIdentity("production", Built, CleanFacts.Subject.Key)] };

        Assert.Equal(["staging-attestor", "built"], Known((await ReadAsync(google, request)).Neighbours).Select(each => each.Name.Id));
    }

    [Fact]
    public async Task Read_WhatIsRefused_IsNotKnownEachForItself()
    {
        var google = Stub().Refuse("ListAttestors", "projects/acme-prod").Refuse("GetAttestor", Built.ToString())
            .On("/v1/projects/acme-prod/locations/-/clusters", "{}", System.Net.HttpStatusCode.Forbidden);

        var read = await ReadAsync(google, CleanFacts.Request);

        Assert.IsType<Fact<Authz.Policy>.Known>(read.Policy);
        Assert.Contains("binaryauthorization.attestors.list", Assert.IsType<Fact<IReadOnlyList<Attestor>>.Unknown>(read.Neighbours).Why.Remedy, StringComparison.Ordinal);
        Assert.Contains("binaryauthorization.attestors.get", Assert.IsType<Fact<Attestor?>.Unknown>(read.Attestors[Built]).Why.Remedy, StringComparison.Ordinal);
        Assert.Contains("container.clusters.list", Assert.IsType<Fact<IReadOnlyDictionary<string, string?>>.Unknown>(read.Clusters).Why.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_PolicyRefused_KnowsTheClustersAll()
    {
        var read = await ReadAsync(Stub().Refuse("GetPolicy", "projects/acme-prod/policy"), CleanFacts.Request);

        Assert.Contains("binaryauthorization.policy.get", Assert.IsType<Fact<Authz.Policy>.Unknown>(read.Policy).Why.Remedy, StringComparison.Ordinal);
        Assert.Empty(read.Attestors);
        Assert.Equal(["us-central1.prod"], Known(read.Clusters).Keys);
    }

    private static T Known<T>(Fact<T> fact) => Assert.IsType<Fact<T>.Known>(fact).Value;

    private static AuditRequest WithProjects(params string[] projects)
    {
        var options = new AuditOptions();
        ((List<string>)options.Projects).AddRange(projects);
        return CleanFacts.Request with { Options = options };
    }

    private static async Task<AuditedPolicy> ReadAsync(StubGoogle google, AuditRequest request)
    {
        using var reader = new FactReader(CleanFacts.Project);
        using var channels = google.Channels;
        return await new PolicyFactReader(new BinaryAuthorizationClient(channels), new ClusterClient(google.Http)).ReadAsync(reader, request, TestContext.Current.CancellationToken);
    }

    private static StubGoogle Stub() => new StubGoogle()
        .On("GetPolicy", "projects/acme-prod/policy", new Authz.Policy
        {
            Name = "projects/acme-prod/policy",
            DefaultAdmissionRule = new Authz.AdmissionRule { EvaluationMode = Evaluation.RequireAttestation, RequireAttestationsBy = { CleanFacts.Subject.Attestor.ToString(), "no name" } },
            ClusterAdmissionRules =
            {
                ["us-central1.prod"] = new Authz.AdmissionRule { RequireAttestationsBy = { Built.ToString(), CleanFacts.Subject.Attestor.ToString() } },
                ["us-central1.gone"] = new Authz.AdmissionRule(),
            },
        })
        .On("ListAttestors", "projects/acme-prod", new Authz.ListAttestorsResponse { Attestors = { Attestor("projects/acme-prod/attestors/staging-attestor") } })
        .On("/v1/projects/acme-prod/locations/-/clusters", $$$"""{"clusters":[{"name":"prod","location":"us-central1","binaryAuthorization":{"evaluationMode":"{{{Enforce}}}"}}]}""");

    private static Authz.Attestor Attestor(string name) => new() { Name = name, UserOwnedGrafeasNote = new Authz.UserOwnedGrafeasNote { NoteReference = "projects/acme-prod/notes/n" } };
}
