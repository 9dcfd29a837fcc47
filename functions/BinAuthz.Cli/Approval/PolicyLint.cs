using System.Globalization;
using System.Text.Json.Nodes;
using BinAuthz.Approval.Reading;
using BinAuthz.Yaml;

namespace BinAuthz.Cli.Approval;

/// <summary>What is wrong with a policy file, and what should be looked at.</summary>
/// <param name="File">Its name, as it was given.</param>
/// <param name="Reading">What reading gave.</param>
internal sealed record PolicyLint(string File, PolicyReading Reading)
{
    /// <summary>Reads a file. One that cannot be read has that as its only error.</summary>
    /// <param name="file">Its name.</param>
    /// <param name="now">The time by which warnings tell what expires.</param>
    public static PolicyLint Read(string file, DateTimeOffset now)
    {
        try
        {
            // Of a larger file not even the text is read.
            return new FileInfo(file) is { Exists: true, Length: > ApprovalPolicyReader.MaximumBytes }
                ? Unread(file, "The file is larger than 1 MiB.", "Write an approval policy; patterns stand for many repositories.")
                : new PolicyLint(file, ApprovalPolicyReader.Read(System.IO.File.ReadAllText(file), file, now));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Unread(file, $"The file cannot be read: {error.Message}", "Name an approval policy.");
        }
    }

    /// <summary>As compilers write: file, line, column, how bad, what and the remedy.</summary>
    public IEnumerable<string> Lines() =>
        Reading.Errors.Select(error => Line(error, "error")).Concat(Reading.Warnings.Select(warning => Line(warning, "warning")));

    /// <summary>For programs.</summary>
    public JsonObject ToJson() => new()
    {
        ["file"] = File,
        ["environment"] = Reading.Policy?.Environment,
        ["digest"] = Reading.Policy?.Digest,
        ["errors"] = ToJson(Reading.Errors),
        ["warnings"] = ToJson(Reading.Warnings),
    };

    private static PolicyLint Unread(string file, string rule, string remedy) => new(file, new PolicyReading(null, [new ConfigurationError(file, 1, 1, rule, remedy)], []));

    private static string Line(ConfigurationError found, string kind) =>
        string.Create(CultureInfo.InvariantCulture, $"{found.File}:{found.Line}:{found.Column}: {kind}: {found.Rule} {found.Remedy}");

    private static JsonArray ToJson(IReadOnlyList<ConfigurationError> found) => new([.. found.Select(each => new JsonObject
    {
        ["line"] = each.Line,
        ["column"] = each.Column,
        ["rule"] = each.Rule,
        ["remedy"] = each.Remedy,
    })]);
}
