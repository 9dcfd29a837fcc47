using System.Runtime.CompilerServices;

namespace BinAuthz.Tests;

/// <summary>The project's own files, for tests that hold documentation and architecture to them.</summary>
internal static class SourceTree
{
    /// <summary>The folder of Functions.sln.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot([CallerFilePath] string here = "")
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(here)!);
        while (!File.Exists(Path.Combine(folder.FullName, "Functions.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException($"No folder above {here} holds Functions.sln.");
        }

        return folder.FullName;
    }
}
