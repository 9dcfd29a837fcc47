using System.Text.Json.Nodes;

namespace Google.Cloud.Functions.Framework.LegacyEvents;

/// <summary>Firestore's and Firebase's resource names and data.</summary>
internal static class FirebaseEvents
{
    private const string DefaultDomain = "firebaseio.com";
    private const string DefaultLocation = "us-central1";

    /// <summary>projects/P/databases/D is the source, documents/… the subject.</summary>
    public static EventOrigin LocateDocument(LegacyEvent legacyEvent, string resource) =>
        SplitAtFifthSegment(resource, "documents") is var (parents, subject)
            ? new EventOrigin(string.Join('/', parents), subject)
            : new EventOrigin(resource);

    /// <summary>projects/_/instances/I with the domain's location is the source, refs/… the subject.</summary>
    public static EventOrigin LocateReference(LegacyEvent legacyEvent, string resource)
    {
        string domain = !string.IsNullOrEmpty(legacyEvent.Domain)
            ? legacyEvent.Domain
            : throw new UnreadableEventException($"Event '{legacyEvent.Id}' of a Realtime Database names no domain.");
        string location = domain == DefaultDomain ? DefaultLocation : domain.Split('.')[0];

        return SplitAtFifthSegment(resource, "refs") is var (parents, subject)
            ? new EventOrigin($"{parents[0]}/{parents[1]}/locations/{location}/{parents[2]}/{parents[3]}", subject)
            : new EventOrigin(resource);
    }

    /// <summary>The app, which only the data names, is the source, the event the subject.</summary>
    public static EventOrigin LocateAnalytics(LegacyEvent legacyEvent, string resource)
    {
        string? app = legacyEvent.Data.OptionalObject("userDim")?.OptionalObject("appInfo")?.OptionalString("appId");
        return app is not null && resource.Split('/') is ["projects", var project, "events", var name]
            ? new EventOrigin($"projects/{project}/apps/{app}", $"events/{name}")
            : throw new UnreadableEventException(
                $"Event '{legacyEvent.Id}' of Firebase Analytics needs a resource projects/P/events/E and data.userDim.appInfo.appId.");
    }

    /// <summary>The user, which only the data names, is the subject.</summary>
    public static EventOrigin LocateUser(LegacyEvent legacyEvent, string resource) =>
        new(resource, legacyEvent.Data.OptionalString("uid") is { } uid ? $"users/{uid}" : null);

    /// <summary>Two times of the user's metadata have other names in CloudEvents.</summary>
    public static JsonObject ReshapeUser(LegacyEvent legacyEvent)
    {
        if (legacyEvent.Data["metadata"] is JsonObject metadata)
        {
            Rename(metadata, "createdAt", "createTime");
            Rename(metadata, "lastSignedInAt", "lastSignInTime");
        }

        return legacyEvent.Data;
    }

    private static void Rename(JsonObject json, string from, string to)
    {
        if (json.Remove(from, out var value))
        {
            json[to] = value;
        }
    }

    private static (string[] Parents, string Subject)? SplitAtFifthSegment(string resource, string expected) =>
        resource.Split('/', 5) is [.. var parents, var subject] && parents.Length == 4 && subject.StartsWith(expected, StringComparison.Ordinal)
            ? (parents, subject)
            : null;
}
