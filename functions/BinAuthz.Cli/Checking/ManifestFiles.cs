using System.Text;
using BinAuthz.Admission;

namespace BinAuthz.Cli.Checking;

/// <summary>Collects manifests from files, folders and stdin. What cannot be read is an error among the others.</summary>
internal static class ManifestFiles
{
    /// <summary>What stands for stdin.</summary>
    public const string StandardInput = "-";

    private const string NameOfStandardInput = "stdin";
    private static readonly string[] Extensions = [".yaml", ".yml", ".json"];
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // Hidden files and folders, such as .git, are passed over.
    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, MaxRecursionDepth = 64, IgnoreInaccessible = false };

    /// <summary>Reads everything.</summary>
    /// <param name="paths">Files, folders (their YAML and JSON files, at every depth), or <c>-</c>.</param>
    /// <param name="input">What stands behind <c>-</c>.</param>
    /// <param name="defaultNamespace">Of objects that name none.</param>
    public static WorkloadReading Read(IEnumerable<string> paths, TextReader input, string defaultNamespace) =>
        WorkloadReading.Of([.. paths.SelectMany(path => Read(path, input, defaultNamespace))]);

    private static IEnumerable<WorkloadReading> Read(string path, TextReader input, string defaultNamespace)
    {
        if (path == StandardInput)
        {
            return [WorkloadReader.Read(input.ReadToEnd(), NameOfStandardInput, defaultNamespace)];
        }

        if (!Directory.Exists(path))
        {
            return [ReadFile(path, defaultNamespace)];
        }

        try
        {
            string[] files = [.. Directory.EnumerateFiles(path, "*", Everything).Where(file => Extensions.Contains(Path.GetExtension(file))).Order(StringComparer.Ordinal)];
            return files.Length > 0 ? files.Select(file => ReadFile(file, defaultNamespace)) : [Unread(path, "The folder holds no .yaml, .yml or .json file.")];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [Unread(path, $"The folder cannot be read: {error.Message}")];
        }
    }

    private static WorkloadReading ReadFile(string file, string defaultNamespace)
    {
        try
        {
            // Of a larger file not even the text is read.
            return new FileInfo(file) is { Exists: true, Length: > WorkloadReader.MaximumLength }
                ? Unread(file, $"The file is larger than {WorkloadReader.MaximumLength >> 20} MiB.")
                : WorkloadReader.Read(File.ReadAllText(file, Strict), file, defaultNamespace);
        }
        catch (DecoderFallbackException)
        {
            return Unread(file, "The file is not UTF-8.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Unread(file, $"The file cannot be read: {error.Message}");
        }
    }

    private static WorkloadReading Unread(string path, string rule) =>
        new([], 0, [new ManifestError(new SourcePlace(path, 1, 1), rule, "Name Kubernetes manifests, or - for stdin.")]);
}
