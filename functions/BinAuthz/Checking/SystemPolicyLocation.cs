using System.Text.RegularExpressions;

namespace BinAuthz.Checking;

/// <summary>Where Google's system policy for a cluster is: it is rolled out by region.</summary>
internal static partial class SystemPolicyLocation
{
    // What gcloud asks when no location is given.
    private const string Any = "global";

    /// <summary>The location for a cluster.</summary>
    /// <param name="cluster"><c>LOCATION.NAME</c>, or null.</param>
    public static string Of(string? cluster) => cluster is null ? Any : Zone().Replace(cluster.Split('.')[0], "");

    // us-central1-a is in us-central1.
    [GeneratedRegex(@"(?<=[0-9])-[a-z]\z")]
    private static partial Regex Zone();
}
