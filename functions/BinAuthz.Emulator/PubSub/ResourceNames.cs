using System.Text.RegularExpressions;
using BinAuthz.Emulator.Hosting;

namespace BinAuthz.Emulator.PubSub;

/// <summary>The names of topics, subscriptions and snapshots.</summary>
internal static partial class ResourceNames
{
    /// <summary>The topic of subscriptions whose topic was deleted.</summary>
    public const string DeletedTopic = "_deleted-topic_";

    public static string Id(string name) => name[(name.LastIndexOf('/') + 1)..];

    public static string Project(string name) => name.Split('/') is ["projects", var project, ..] ? project : "";

    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT: not <c>projects/P/COLLECTION/ID</c> with an id that Pub/Sub accepts.</exception>
    public static void Check(string name, string collection)
    {
        var parts = name.Split('/');
        if (parts is not ["projects", { Length: > 0 }, _, _] || parts[2] != collection || !ValidId().IsMatch(parts[3]) || parts[3].StartsWith("goog", StringComparison.OrdinalIgnoreCase))
        {
            throw Errors.Invalid($"Invalid [{collection}] name: (name={name}). An id has 3 to 255 letters, digits and -_.~+%, begins with a letter and not with goog.");
        }
    }

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9\-_.~+%]{2,254}\z")]
    private static partial Regex ValidId();
}
