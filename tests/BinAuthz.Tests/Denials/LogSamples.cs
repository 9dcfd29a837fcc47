using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using BinAuthz.Denials;

namespace BinAuthz.Tests.Denials;

/// <summary>The log entries of testdata/logs, and findings in a form that tables can hold.</summary>
internal static class LogSamples
{
    /// <summary>Their names: file names without extension, after <c>composed/</c> for those that nobody has seen.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Directory.EnumerateFiles(TestData.FullPath("logs"), "*.json", SearchOption.AllDirectories)
        .Select(file => Path.ChangeExtension(Path.GetRelativePath(TestData.FullPath("logs"), file), null).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    public static byte[] Bytes(string name) => TestData.Bytes($"logs/{name}.json");

    public static JsonNode Node(string name) => JsonNode.Parse(Bytes(name))!;

    public static LogReading Read(string name) => LogEntryReader.Read(Bytes(name));

    public static LogReading Read(JsonNode entry) => LogEntryReader.Read(Encoding.UTF8.GetBytes(entry.ToJsonString()));

    /// <summary>A sample with changes.</summary>
    public static LogReading Read(string name, Action<JsonNode> change)
    {
        var entry = Node(name);
        change(entry);
        return Read(entry);
    }

    /// <summary>Kind, place, project; namespace, workload, service account; principal; image; attestors; justification or change.</summary>
    public static string Describe(Finding finding)
    {
        var parts = new[]
        {
            $"{finding.Kind} {finding.Source.Platform} {finding.Source.Place}@{finding.Source.Project}",
            $"{finding.Namespace} {finding.Workload} {finding.ServiceAccount}".Trim(),
            finding.Principal,
            finding.Image ?? "no image",
            string.Join(' ', finding.Attestors.Select(attestor => attestor.ToString())),
            finding.Justification,
            finding.Change is { } change ? string.Create(CultureInfo.InvariantCulture, $"{change.Kind} {change.Resource} {change.Method}") : "",
            finding.Audit is { } audit ? $"{audit.Severity} {audit.Rule} {audit.Resource}" : "",
        };
        return string.Join(" | ", parts.Select(part => part.Trim()).Where(part => part.Length > 0));
    }
}
