using System.Net;
using CloudNative.CloudEvents;

namespace BinAuthz.Tests.FunctionsHost;

/// <summary>The conformance suite's mapping of first-generation events to CloudEvents, row by row of its description.</summary>
public sealed class LegacyEventTests
{
    private const string Firestore = "providers/cloud.firestore/eventTypes/document.";
    private const string Database = "providers/google.firebase.database/eventTypes/ref.";
    private const string Document = "projects/acme/databases/(default)/documents/orders/7/lines/1";
    private const string Reference = "projects/_/instances/acme/refs/orders/7";

    [Theory]
    [InlineData("google.pubsub.topic.publish", "projects/acme/topics/orders",
        "google.cloud.pubsub.topic.v1.messagePublished", "//pubsub.googleapis.com/projects/acme/topics/orders", null)]
    [InlineData("providers/cloud.pubsub/eventTypes/topic.publish", "projects/acme/topics/orders",
        "google.cloud.pubsub.topic.v1.messagePublished", "//pubsub.googleapis.com/projects/acme/topics/orders", null)]
    [InlineData("google.storage.object.finalize", "projects/_/buckets/b/objects/folder/f.txt#1588778055917163",
        "google.cloud.storage.object.v1.finalized", "//storage.googleapis.com/projects/_/buckets/b", "objects/folder/f.txt")]
    [InlineData("google.storage.object.delete", "projects/_/buckets/b/objects/f#1",
        "google.cloud.storage.object.v1.deleted", "//storage.googleapis.com/projects/_/buckets/b", "objects/f")]
    [InlineData("google.storage.object.archive", "projects/_/buckets/b/objects/f",
        "google.cloud.storage.object.v1.archived", "//storage.googleapis.com/projects/_/buckets/b", "objects/f")]
    [InlineData("google.storage.object.metadataUpdate", "projects/_/buckets/b/objects/f#g",
        "google.cloud.storage.object.v1.metadataUpdated", "//storage.googleapis.com/projects/_/buckets/b", "objects/f#g")]
    [InlineData("providers/cloud.storage/eventTypes/object.change", "projects/_/buckets/b",
        "google.cloud.storage.object.v1.changed", "//storage.googleapis.com/projects/_/buckets/b", null)]
    [InlineData(Firestore + "write", Document,
        "google.cloud.firestore.document.v1.written", "//firestore.googleapis.com/projects/acme/databases/(default)", "documents/orders/7/lines/1")]
    [InlineData(Firestore + "create", Document,
        "google.cloud.firestore.document.v1.created", "//firestore.googleapis.com/projects/acme/databases/(default)", "documents/orders/7/lines/1")]
    [InlineData(Firestore + "update", Document,
        "google.cloud.firestore.document.v1.updated", "//firestore.googleapis.com/projects/acme/databases/(default)", "documents/orders/7/lines/1")]
    [InlineData(Firestore + "delete", "projects/acme/odd",
        "google.cloud.firestore.document.v1.deleted", "//firestore.googleapis.com/projects/acme/odd", null)]
    [InlineData("providers/firebase.auth/eventTypes/user.create", "projects/acme",
        "google.firebase.auth.user.v1.created", "//firebaseauth.googleapis.com/projects/acme", "users/u-1")]
    [InlineData("providers/firebase.auth/eventTypes/user.delete", "projects/acme",
        "google.firebase.auth.user.v1.deleted", "//firebaseauth.googleapis.com/projects/acme", "users/u-1")]
    [InlineData("google.firebase.remoteconfig.update", "projects/acme",
        "google.firebase.remoteconfig.remoteConfig.v1.updated", "//firebaseremoteconfig.googleapis.com/projects/acme", null)]
    [InlineData("providers/google.firebase.analytics/eventTypes/event.log", "projects/acme/events/session_start",
        "google.firebase.analytics.log.v1.written", "//firebaseanalytics.googleapis.com/projects/acme/apps/com.acme.app", "events/session_start")]
    public async Task Event_Type_DecidesTypeSourceAndSubject(string type, string resource, string ceType, string source, string? subject)
    {
        var cloudEvent = await ConvertAsync($$"""
            {
              "context": { "eventId": "e-1", "timestamp": "2020-09-29T11:32:00.123Z", "eventType": "{{type}}", "resource": { "name": "{{resource}}" } },
              "data": { "uid": "u-1", "userDim": { "appInfo": { "appId": "com.acme.app" } } }
            }
            """);

        AssertOrigin(cloudEvent, ceType, source, subject);
    }

    [Theory]
    [InlineData("write", "written", "firebaseio.com", "us-central1")]
    [InlineData("create", "created", "europe-west1.firebasedatabase.app", "europe-west1")]
    [InlineData("update", "updated", "asia-southeast1.firebasedatabase.app", "asia-southeast1")]
    [InlineData("delete", "deleted", "firebaseio.com", "us-central1")]
    public async Task DatabaseEvent_Domain_DecidesTheLocation(string verb, string ceVerb, string domain, string location)
    {
        // The flat form: no context, everything on the top level.
        var cloudEvent = await ConvertAsync($$"""
            {
              "eventType": "{{Database}}{{verb}}", "params": { "child": "7" }, "auth": { "admin": true }, "domain": "{{domain}}",
              "data": { "data": null, "delta": { "grandchild": "changed" } },
              "resource": "{{Reference}}", "timestamp": "2020-09-29T11:32:00.123Z", "eventId": "e-1"
            }
            """);

        AssertOrigin(
            cloudEvent,
            "google.firebase.database.ref.v1." + ceVerb,
            $"//firebasedatabase.googleapis.com/projects/_/locations/{location}/instances/acme",
            "refs/orders/7");
        PubSubPushTests.AssertJson("""{ "data": null, "delta": { "grandchild": "changed" } }""", cloudEvent.Data);
    }

    [Fact]
    public async Task Event_ContextAndTopLevel_ContextWins()
    {
        var cloudEvent = await ConvertAsync("""
            {
              "eventId": "top", "eventType": "google.storage.object.delete", "timestamp": "2001-01-01T00:00:00Z", "resource": "top",
              "context": { "eventId": "e-1", "timestamp": "2020-09-29T11:32:00.123Z", "eventType": "google.storage.object.finalize",
                           "resource": { "service": "other.example.com", "name": "projects/_/buckets/b/objects/f" } },
              "data": { "name": "f" }
            }
            """);

        AssertOrigin(cloudEvent, "google.cloud.storage.object.v1.finalized", "//other.example.com/projects/_/buckets/b", "objects/f");
        Assert.Equal("b", cloudEvent["bucket"]);
        PubSubPushTests.AssertJson("""{ "name": "f" }""", cloudEvent.Data);
    }

    [Fact]
    public async Task PubSubEvent_Any_MessageIsWrappedAndHasIdAndTime()
    {
        var cloudEvent = await ConvertAsync("""
            {
              "context": { "eventId": "e-1", "timestamp": "2020-09-29T11:32:00.123456Z", "eventType": "google.pubsub.topic.publish",
                           "resource": { "service": "pubsub.googleapis.com", "name": "projects/acme/topics/orders", "type": "type.googleapis.com/google.pubsub.v1.PubsubMessage" } },
              "data": { "@type": "type.googleapis.com/google.pubsub.v1.PubsubMessage", "attributes": { "k": "v" }, "data": "aGk=" }
            }
            """);

        Assert.Equal("orders", cloudEvent["topic"]);
        PubSubPushTests.AssertJson(
            """
            { "message": { "@type": "type.googleapis.com/google.pubsub.v1.PubsubMessage", "attributes": { "k": "v" }, "data": "aGk=",
                           "messageId": "e-1", "publishTime": "2020-09-29T11:32:00.123456Z" } }
            """,
            cloudEvent.Data);
    }

    [Fact]
    public async Task AuthEvent_Metadata_TimesHaveTheirNewNames()
    {
        var cloudEvent = await ConvertAsync("""
            {
              "eventId": "e-1", "eventType": "providers/firebase.auth/eventTypes/user.create", "notSupported": {},
              "resource": "projects/acme", "timestamp": "2020-09-29T11:32:00.123Z",
              "data": { "uid": "u-1", "metadata": { "createdAt": "2020-05-26T10:42:27Z", "lastSignedInAt": "2020-10-24T11:00:00Z", "other": 1 } }
            }
            """);

        PubSubPushTests.AssertJson(
            """{ "uid": "u-1", "metadata": { "createTime": "2020-05-26T10:42:27Z", "lastSignInTime": "2020-10-24T11:00:00Z", "other": 1 } }""",
            cloudEvent.Data);
    }

    [Theory]
    [InlineData("""{"eventId":"1","eventType":"google.storage.object.change.unknown","resource":"r","data":{}}""")]
    [InlineData("""{"eventType":"google.storage.object.finalize","resource":"r","data":{}}""")]
    [InlineData("""{"eventId":"1","resource":"r","data":{}}""")]
    [InlineData("""{"eventId":"1","eventType":"google.storage.object.finalize","resource":"r"}""")]
    [InlineData("""{"eventId":"1","eventType":"google.storage.object.finalize","data":{}}""")]
    [InlineData("""{"eventId":"1","eventType":"google.storage.object.finalize","resource":"r","data":[]}""")]
    [InlineData("""{"eventId":"1","eventType":"google.storage.object.finalize","resource":"r","data":{},"timestamp":"soon"}""")]
    [InlineData("""{"eventId":"1","eventType":"providers/google.firebase.database/eventTypes/ref.write","resource":"r","data":{}}""")]
    [InlineData("""{"eventId":"1","eventType":"providers/google.firebase.analytics/eventTypes/event.log","resource":"projects/p/events/e","data":{}}""")]
    [InlineData("""{"eventId":"1","eventType":"providers/google.firebase.analytics/eventTypes/event.log","resource":"r","data":{"userDim":{"appInfo":{"appId":"a"}}}}""")]
    [InlineData("""{"hello":"world"}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("")]
    public async Task Event_Malformed_400(string body)
    {
        await using var host = await FunctionHost.StartAsync<RecordingFunction>();

        Assert.Equal(HttpStatusCode.BadRequest, await host.PostAsync(body, "application/json"));
        Assert.Empty(host.Events.Calls);
    }

    private static async Task<CloudEvent> ConvertAsync(string body)
    {
        await using var host = await FunctionHost.StartAsync<RecordingFunction>();
        Assert.Equal(HttpStatusCode.OK, await host.PostAsync(body, "application/json"));
        return host.Events.Only.Event;
    }

    private static void AssertOrigin(CloudEvent cloudEvent, string type, string source, string? subject)
    {
        Assert.Equal("e-1", cloudEvent.Id);
        Assert.Equal(type, cloudEvent.Type);
        Assert.Equal(source, cloudEvent.Source?.ToString());
        Assert.Equal(subject, cloudEvent.Subject);
        Assert.Equal(new DateTimeOffset(2020, 9, 29, 11, 32, 0, 123, TimeSpan.Zero), cloudEvent.Time);
        Assert.Equal("application/json", cloudEvent.DataContentType);
    }
}
