using System.Text.RegularExpressions;

namespace BinAuthz.Admission;

/// <summary>Which of Google's system policies applies. They are rolled out by region: us-central1-a is in us-central1.</summary>
internal static partial class SystemPolicyLocation
{
    // What gcloud asks when no location is given.
    private const string Any = "global";

    /// <summary>The location whose policy to ask for.</summary>
    /// <param name="cluster"><c>LOCATION.NAME</c>, or null: unknown.</param>
    public static string Of(string? cluster) =>
        cluster?.IndexOf('.', StringComparison.Ordinal) is { } dot and > 0 ? Zone().Replace(cluster[..dot], "") : Any;

    [GeneratedRegex(@"(?<=[0-9])-[a-z]\z")]
    private static partial Regex Zone();
}
