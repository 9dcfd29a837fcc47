using System.Globalization;
using System.Text.Json.Nodes;
using BinAuthz.Policies;

namespace BinAuthz.Cli.Policies;

/// <summary>A policy document of a file.</summary>
/// <param name="File">Its name, as it was given.</param>
/// <param name="Document">What it holds.</param>
internal sealed record PolicyFile(string File, PolicyDocument Document)
{
    private const string Unreadable = "unreadable";

    /// <summary>Whether the file could be read as YAML or JSON at all.</summary>
    public bool IsReadable => Document.Faults.All(fault => fault.Id != Unreadable);

    /// <summary>Reads a file. One that cannot be read has that as its only fault.</summary>
    public static PolicyFile Read(string file)
    {
        try
        {
            // Of a larger file not even the text is read.
            return new FileInfo(file) is { Exists: true, Length: > PolicyDocument.MaximumBytes }
                ? Unread(file, "The file is larger than 1 MiB.", "Write one policy.")
                : new PolicyFile(file, PolicyDocument.Read(System.IO.File.ReadAllText(file)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Unread(file, $"The file cannot be read: {error.Message}", "Name a policy, as gcloud exports it.");
        }
    }

    /// <summary>Reads a file that must be a policy.</summary>
    /// <exception cref="CommandException">It is none, with everything that is wrong with it.</exception>
    public static PolicyFile Demand(string file)
    {
        var read = Read(file);
        return read.Document.Faults.Count == 0 ? read : throw CommandException.Usage(string.Join('\n', read.Lines(read.Document.Faults)));
    }

    /// <summary>As compilers write: file, line, column, how bad, which rule, what and the remedy.</summary>
    public IEnumerable<string> Lines(IEnumerable<PolicyFinding> findings) => findings.Select(finding => string.Create(
        CultureInfo.InvariantCulture, $"{File}:{finding.Place?.Line ?? 1}:{finding.Place?.Column ?? 1}: {Name(finding.Severity)}: {finding.Id}: {finding.Reason} {finding.Remedy}"));

    /// <summary>Findings for programs.</summary>
    public static JsonArray ToJson(IEnumerable<PolicyFinding> findings) => new([.. findings.Select(finding => new JsonObject
    {
        ["id"] = finding.Id,
        ["severity"] = Name(finding.Severity),
        ["path"] = finding.Path,
        ["line"] = finding.Place?.Line,
        ["column"] = finding.Place?.Column,
        ["reason"] = finding.Reason,
        ["remedy"] = finding.Remedy,
    })]);

    private static string Name(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Error => "error",
        FindingSeverity.Warning => "warning",
        _ => "note",
    };

    private static PolicyFile Unread(string file, string reason, string remedy) =>
        new(file, new PolicyDocument(new Google.Cloud.BinaryAuthorization.V1.Policy()) { Faults = [PolicyFinding.Error(Unreadable, "$", reason, remedy)] });
}
