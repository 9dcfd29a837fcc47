namespace Google.Cloud.Functions.Framework.LegacyEvents;

/// <summary>The table of first-generation event types, as the functions-framework conformance suite describes it.</summary>
internal static class LegacyEventTypes
{
    private const string AnalyticsPrefix = "providers/google.firebase.analytics/eventTypes/";
    private const string AuthPrefix = "providers/firebase.auth/eventTypes/";
    private const string DatabasePrefix = "providers/google.firebase.database/eventTypes/";
    private const string FirestorePrefix = "providers/cloud.firestore/eventTypes/";

    private static readonly Dictionary<string, LegacyEventMapping> Mappings = new(StringComparer.Ordinal)
    {
        [PubSubPush.LegacyType] = PubSub(),
        ["providers/cloud.pubsub/eventTypes/topic.publish"] = PubSub(),
        ["google.storage.object.finalize"] = Storage("finalized"),
        ["google.storage.object.delete"] = Storage("deleted"),
        ["google.storage.object.archive"] = Storage("archived"),
        ["google.storage.object.metadataUpdate"] = Storage("metadataUpdated"),
        ["providers/cloud.storage/eventTypes/object.change"] = Storage("changed"),
        [FirestorePrefix + "document.write"] = Firestore("written"),
        [FirestorePrefix + "document.create"] = Firestore("created"),
        [FirestorePrefix + "document.update"] = Firestore("updated"),
        [FirestorePrefix + "document.delete"] = Firestore("deleted"),
        [DatabasePrefix + "ref.write"] = Database("written"),
        [DatabasePrefix + "ref.create"] = Database("created"),
        [DatabasePrefix + "ref.update"] = Database("updated"),
        [DatabasePrefix + "ref.delete"] = Database("deleted"),
        [AuthPrefix + "user.create"] = Auth("created"),
        [AuthPrefix + "user.delete"] = Auth("deleted"),
        [AnalyticsPrefix + "event.log"] = new("google.firebase.analytics.log.v1.written", "firebaseanalytics.googleapis.com") { Locate = FirebaseEvents.LocateAnalytics },
        // The conformance suite's document has the second name, the framework for .NET the first.
        ["google.firebase.remoteconfig.update"] = RemoteConfig(),
        ["providers/firebase.remoteConfig/remoteconfig.update"] = RemoteConfig(),
    };

    public static LegacyEventMapping Find(string type) =>
        Mappings.TryGetValue(type, out var mapping)
            ? mapping
            : throw new UnreadableEventException($"Event type '{type}' is not one of the first generation's types.");

    private static LegacyEventMapping PubSub() =>
        new("google.cloud.pubsub.topic.v1.messagePublished", "pubsub.googleapis.com")
        {
            Locate = PubSubPush.Locate,
            Reshape = PubSubPush.Reshape,
        };

    private static LegacyEventMapping Storage(string verb) =>
        new("google.cloud.storage.object.v1." + verb, "storage.googleapis.com") { Locate = StorageEvents.Locate };

    private static LegacyEventMapping Firestore(string verb) =>
        new("google.cloud.firestore.document.v1." + verb, "firestore.googleapis.com") { Locate = FirebaseEvents.LocateDocument };

    private static LegacyEventMapping Database(string verb) =>
        new("google.firebase.database.ref.v1." + verb, "firebasedatabase.googleapis.com") { Locate = FirebaseEvents.LocateReference };

    private static LegacyEventMapping Auth(string verb) =>
        new("google.firebase.auth.user.v1." + verb, "firebaseauth.googleapis.com")
        {
            Locate = FirebaseEvents.LocateUser,
            Reshape = FirebaseEvents.ReshapeUser,
        };

    private static LegacyEventMapping RemoteConfig() =>
        new("google.firebase.remoteconfig.remoteConfig.v1.updated", "firebaseremoteconfig.googleapis.com");
}
