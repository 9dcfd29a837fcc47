using System.Globalization;

namespace BinAuthz.EndToEnd.Tests;

/// <summary>A program that a test needs on the PATH. Where it is missing the test is skipped, unless the gate insists.</summary>
internal static class ExternalTool
{
    /// <summary>The environment variable with which the gate turns a missing tool into a failure.</summary>
    public const string RequireVariable = "BINAUTHZ_REQUIRE_TOOLS";

    /// <summary>The full path of <paramref name="name"/>.</summary>
    public static string Require(string name)
    {
        var path = Find(name);
        if (path is null)
        {
            Unavailable($"{name} is not on the PATH.");
        }

        return path;
    }

    /// <summary>Ends the test: it cannot run on this machine, for the reason given.</summary>
    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    public static void Unavailable(string reason)
    {
        if (string.Equals(Environment.GetEnvironmentVariable(RequireVariable), bool.TrueString, StringComparison.OrdinalIgnoreCase))
        {
            Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"{reason} {RequireVariable}=true makes that a failure."));
        }

        Assert.Skip(reason);
    }

    private static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);
}
