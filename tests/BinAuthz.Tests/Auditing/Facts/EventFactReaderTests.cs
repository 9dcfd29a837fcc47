using System.Text.Json.Nodes;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Facts;
using BinAuthz.Checkup;
using BinAuthz.Checkup.Facts;
using BinAuthz.Denials;
using Google.Cloud.Audit;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.DependencyInjection;
using Log = Google.Cloud.Logging.V2;

namespace BinAuthz.Tests.Auditing.Facts;

public sealed class EventFactReaderTests
{
    private const string Permissions = "/v1/projects/acme-prod:testIamPermissions";
    private const string Pod = "core/v1/namespaces/payments/pods/web-7d9f";
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true).WithTypeRegistry(TypeRegistry.FromMessages(AuditLog.Descriptor)));
    private static readonly DateTimeOffset Until = CleanFacts.Request.Time;
    private static readonly DateTimeOffset Since = Until - TimeSpan.FromDays(1);

    [Fact]
    public async Task Read_BreakGlassAndWhatFollowed_IsOneEventThatHasEnded()
    {
        var events = Assert.Single((await ReadAsync(Google(BreakGlass(Until), Deletion(Until.AddMinutes(-1))))).Logs);

        var told = Assert.IsType<Fact<LoggedEvents>.Known>(events).Value;
        var used = Assert.Single(told.Events);
        Assert.Equal((CleanFacts.Project, FindingKind.BreakGlass, Until.AddMinutes(-1)), (told.Project, used.Group.Latest.Kind, used.Ended));
        Assert.Null(told.Gap);
    }

    [Fact]
    public async Task Read_Entries_AreThoseSinceALittleBeforeAndUntilTheAudit()
    {
        var google = Google(BreakGlass(Until.AddSeconds(1)), Call(Until.AddSeconds(1)));

        var read = await ReadAsync(google);

        Assert.Empty(Known(read.Logs).Events);
        Assert.Empty(Known(read.Attestations).Calls);
        Assert.Equal(2, google.Asked.Count(call => call.Contains("timestamp>=\"2026-10-31T05:55:00.000Z\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Read_CallsOfOthersThanTheSigner_AreTold()
    {
        var google = Google(Call(Until));

        var calls = Known((await ReadAsync(google)).Attestations);

        Assert.Equal((CleanFacts.Project, "mallory@evil.example"), (calls.Project, Assert.Single(calls.Calls).Principal));
        Assert.Null(calls.Gap);
        Assert.Contains(google.Asked, call => call.Contains("\"production-signer@acme-prod.iam.gserviceaccount.com\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Read_DataAccessLogsThatAreNotShown_AreNotKnown()
    {
        var calls = (await ReadAsync(Google(Call(Until)).On(Permissions, "{}"))).Attestations;

        Assert.Contains("logging.privateLogEntries.list", Assert.IsType<Fact<AttestationCalls>.Unknown>(Assert.Single(calls)).Why.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_EntryOfAnUnknownForm_IsAGap()
    {
        var read = await ReadAsync(Google(new Log.LogEntry { ProtoPayload = new Any { TypeUrl = "type.googleapis.com/acme.Unknown" } }));

        Assert.Equal(new Obstacle("1 log entries of acme-prod could not be read.", "Look at the entries with `gcloud logging read`.", IsTransient: false), Known(read.Logs).Gap);
        Assert.Equal("1 log entries of acme-prod could not be read.", Known(read.Attestations).Gap!.Reason);
    }

    [Fact]
    public async Task Read_MoreThanIsRead_IsAGap()
    {
        var google = new StubGoogle().On("ListLogEntries", StubGoogle.Any, new Log.ListLogEntriesResponse { NextPageToken = "more" });

        var gap = Known((await ReadAsync(google)).Logs).Gap!;

        Assert.StartsWith("The logs of acme-prod have more entries since the report before than are read at once", gap.Reason, StringComparison.Ordinal);
        Assert.False(gap.IsTransient);
    }

    [Fact]
    public async Task ReadLogs_OtherProjects_AreReadOnceEach()
    {
        var request = CleanFacts.Request with { Options = new AuditOptions { Projects = { "acme-run", CleanFacts.Project } } };
        var reader = Reader(Google());
        using var facts = new FactReader(CleanFacts.Project);

        var read = await reader.ReadLogsAsync(facts, request, Since, 0, TestContext.Current.CancellationToken);

        Assert.Equal(["acme-prod", "acme-run"], read.Select(each => Assert.IsType<Fact<LoggedEvents>.Known>(each).Value.Project));
    }

    [Theory]
    [InlineData(0, "latest events")]
    [InlineData(1, "not here")]
    public async Task ReadLogs_Diagnoses_AreSoMany(int diagnoses, string detail)
    {
        var google = Google(BreakGlass(Until)).Refuse("GetPolicy", "projects/acme-prod/policy");
        using var facts = new FactReader(CleanFacts.Project);

        var read = await Reader(google).ReadLogsAsync(facts, CleanFacts.Request, Since, diagnoses, TestContext.Current.CancellationToken);

        Assert.Contains(detail, Assert.Single(Known(read).Events).Diagnosis.Detail, StringComparison.Ordinal);
    }

    private static T Known<T>(IReadOnlyList<Fact<T>> facts) => Assert.IsType<Fact<T>.Known>(Assert.Single(facts)).Value;

    private static EventFactReader Reader(StubGoogle google) =>
        new ServiceCollection().AddAuditing(google.Options, CleanFacts.Project).AddSingleton(google.Channels).AddSingleton(google.Http).BuildServiceProvider().GetRequiredService<EventFactReader>();

    private static async Task<AuditedEvents> ReadAsync(StubGoogle google)
    {
        using var facts = new FactReader(CleanFacts.Project);
        return await Reader(google).ReadAsync(facts, CleanFacts.Request, Since, TestContext.Current.CancellationToken);
    }

    private static StubGoogle Google(params Log.LogEntry[] entries) => new StubGoogle()
        .On("ListLogEntries", StubGoogle.Any, new Log.ListLogEntriesResponse { Entries = { entries } })
        .On(Permissions, """{"permissions":["logging.privateLogEntries.list"]}""");

    private static Log.LogEntry BreakGlass(DateTimeOffset time) => Sample("logs/gke-breakglass-label.json", time);

    private static Log.LogEntry Call(DateTimeOffset time) => Sample("logs/grafeas-create-occurrence.json", time, payload => payload["authenticationInfo"] = new JsonObject { ["principalEmail"] = "mallory@evil.example" });

    private static Log.LogEntry Deletion(DateTimeOffset time) => Sample("logs/gke-breakglass-label.json", time, payload =>
    {
        payload["methodName"] = "io.k8s.core.v1.pods.delete";
        payload["resourceName"] = Pod;
    }, labels: false);

    private static Log.LogEntry Sample(string name, DateTimeOffset time, Action<JsonObject>? change = null, bool labels = true)
    {
        var entry = JsonNode.Parse(TestData.Bytes(name))!.AsObject();
        entry["timestamp"] = Rfc3339.Write(time);
        change?.Invoke(entry["protoPayload"]!.AsObject());
        if (!labels)
        {
            entry.Remove("labels");
            entry["protoPayload"]!.AsObject().Remove("request");
            entry["insertId"] = "deletion";
        }

        return Parser.Parse<Log.LogEntry>(entry.ToJsonString());
    }
}
