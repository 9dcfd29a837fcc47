using System.Text;
using BinAuthz.Auditing.Facts;
using BinAuthz.Denials;
using BinAuthz.Tests.Denials;

namespace BinAuthz.Tests.Auditing;

public sealed class BreakGlassLogTests
{
    private const string Delete = "io.k8s.core.v1.pods.delete";
    private const string Patch = "io.k8s.apps.v1.deployments.patch";
    private static readonly AuditedEvent Used = Event("web-1", "web-2");

    [Fact]
    public void Filter_OfPodsAndDeployments_AsksForThem()
    {
        var filter = BreakGlassLog.Filter([Used.Group])!;

        Assert.EndsWith("protoPayload.resourceName=(\"core/v1/namespaces/shop/pods/web-1\" OR \"core/v1/namespaces/shop/pods/web-2\" OR \"apps/v1/namespaces/shop/deployments/web\")", filter, StringComparison.Ordinal);
        Assert.Contains($"protoPayload.methodName=(\"{Delete}\" OR", filter, StringComparison.Ordinal);
    }

    [Fact]
    public void Filter_NamesThatNoPodCanHave_AreNotAskedFor()
    {
        var group = Event("a\" OR \"b").Group;

        Assert.Null(BreakGlassLog.Filter([group with { Latest = group.Latest with { Workload = "Pod/x" } }]));
        Assert.Null(BreakGlassLog.Filter([]));
    }

    [Fact]
    public void Filter_ManyPods_IsLimited() => Assert.Equal(
        BreakGlassLog.MaximumNames - 1, BreakGlassLog.Filter([Event([.. Enumerable.Range(0, 200).Select(number => $"web-{number}")]).Group])!.Split("\" OR \"core/").Length - 1);

    [Fact]
    public void Complete_AllPodsDeleted_EndsWithTheLast() =>
        Assert.Equal(Time(12), Complete(Used, Entry(Delete, "core/v1/namespaces/shop/pods/web-1", 12), Entry(Delete, "core/v1/namespaces/shop/pods/web-2", 11)).Ended);

    [Fact]
    public void Complete_PodDeletedTwice_EndsWithTheLast() =>
        Assert.Equal(Time(12), Complete(Event("web-1"), Entry(Delete, "core/v1/namespaces/shop/pods/web-1", 11), Entry(Delete, "core/v1/namespaces/shop/pods/web-1", 12)).Ended);

    [Fact]
    public void Complete_OnePodLives_HasNotEnded() => Assert.Null(Complete(Used, Entry(Delete, "core/v1/namespaces/shop/pods/web-1", 12)).Ended);

    [Fact]
    public void Complete_FailedOrElsewhere_HasNotEnded()
    {
        var used = Event("web-1");

        Assert.Null(Complete(used, Entry(Delete, "core/v1/namespaces/shop/pods/web-1", 12, code: 7)).Ended);
        Assert.Null(Complete(used, Entry(Delete, "core/v1/namespaces/shop/pods/web-1", 12, cluster: "other")).Ended);
        Assert.Null(Complete(used, Entry(Delete, "core/v1/namespaces/other/pods/web-1", 12)).Ended);
        Assert.Null(Complete(Event(), Entry(Delete, "core/v1/namespaces/shop/pods/web-1", 12)).Ended);
    }

    [Fact]
    public void Complete_ChangesOfTheDeployment_TellsTheLastBeforeItsPods()
    {
        var completed = Complete(
            Used,
            Entry(Patch, "apps/v1/namespaces/shop/deployments/web", 8, "ann@acme.example"),
            Entry(Patch, "apps/v1/namespaces/shop/deployments/web", 7, "bob@acme.example"),
            Entry(Patch, "apps/v1/namespaces/shop/deployments/web", 9, "late@acme.example"),
            Entry(Patch, "apps/v1/namespaces/shop/deployments/other", 8, "other@acme.example"));

        Assert.Equal(("ann@acme.example", null), (completed.ChangedBy, completed.Ended));
        Assert.Equal("", Complete(Used).ChangedBy);
        Assert.Equal("", Complete(Used, Entry(Delete, "apps/v1/namespaces/shop/deployments/web", 8)).ChangedBy);
        var first = Used with { Group = Used.Group with { First = Time(8) } };
        Assert.Equal("ann@acme.example", Complete(first, Entry(Patch, "apps/v1/namespaces/shop/deployments/web", 8)).ChangedBy);
    }

    [Theory]
    [InlineData("system:serviceaccount:kube-system:replicaset-controller", true)]
    [InlineData("ann@acme.example", false)]
    public void IsController_Principals_AreTold(string principal, bool expected) => Assert.Equal(expected, BreakGlassLog.IsController(principal));

    private static AuditedEvent Complete(AuditedEvent used, params byte[][] entries) => BreakGlassLog.Complete(used, entries);

    private static AuditedEvent Event(params string[] pods)
    {
        var once = CleanEvents.Once(DenialSamples.Of(FindingKind.BreakGlass, "a.b/c:1"));
        return once with { Group = once.Group with { Pods = pods } };
    }

    private static DateTimeOffset Time(int hour) => new(2026, 10, 1, hour, 0, 0, TimeSpan.Zero);

    private static byte[] Entry(string method, string resource, int hour, string principal = "ann@acme.example", int code = 0, string cluster = "prod") => Encoding.UTF8.GetBytes($$"""
        {"timestamp":"2026-10-01T{{hour:00}}:00:00Z","resource":{"labels":{"project_id":"acme-prod","location":"us-central1","cluster_name":"{{cluster}}"} },
         "protoPayload":{"serviceName":"k8s.io","methodName":"{{method}}","resourceName":"{{resource}}","status":{"code":{{code}}},"authenticationInfo":{"principalEmail":"{{principal}}"} } }
        """);
}
