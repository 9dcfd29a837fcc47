using System.Text.RegularExpressions;

namespace BinAuthz.Tests.Deployment;

/// <summary>
/// What a folder of terraform declares, read line by line and not parsed: as terraform fmt writes it, a block begins at the
/// margin and ends with a brace there, and its arguments are indented by two. A default or description of several lines is
/// not told; here there is none of the latter.
/// </summary>
/// <param name="Name">Below terraform/.</param>
internal sealed partial record TerraformFolder(string Name)
{
    /// <summary>Its full path.</summary>
    public string Path { get; } = System.IO.Path.Combine(SourceTree.Root, "terraform", Name);

    /// <summary>Its variables as rows of a table: name, default, description.</summary>
    public IEnumerable<string> Inputs => Blocks("variables.tf", "variable").Select(block => $"| `{block.Name}` | {Default(block.Text)} | {Description(block)} |");

    /// <summary>Its outputs as rows of a table: name, description.</summary>
    public IEnumerable<string> Outputs => Blocks("outputs.tf", "output").Select(block => $"| `{block.Name}` | {Description(block)} |");

    /// <summary>What each of its files manages and reads as rows of a table: file, resources and data sources.</summary>
    public IEnumerable<string> Resources =>
        from file in Directory.EnumerateFiles(Path, "*.tf").Order(StringComparer.Ordinal)
        let resources = Resource().Matches(File.ReadAllText(file)).Select(match => $"`{(match.Groups[1].Value == "data" ? "data." : "")}{match.Groups[2].Value}.{match.Groups[3].Value}`").ToArray()
        where resources.Length > 0
        select $"| [{System.IO.Path.GetFileName(file)}]({System.IO.Path.GetFileName(file)}) | {string.Join(", ", resources)} |";

    private IEnumerable<(string Name, string Text)> Blocks(string file, string kind) =>
        Block().Matches(File.ReadAllText(System.IO.Path.Combine(Path, file))).Where(match => match.Groups[1].Value == kind).Select(match => (match.Groups[2].Value, match.Groups[3].Value));

    private static string Description((string Name, string Text) block) => DescriptionLine().Match(block.Text) is { Success: true } line
        ? line.Groups[1].Value.Replace("\\\"", "\"", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal)
        : throw new InvalidOperationException($"{block.Name} has no description on one line.");

    private static string Default(string text) => DefaultLine().Match(text) is not { Success: true } line ? "needed"
        : line.Groups[1].Value is "null" ? "" : $"`{line.Groups[1].Value}`";

    [GeneratedRegex("""^(variable|output) "([a-z0-9_]+)" \{\n(.*?)^\}""", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("""^  description += "(.*)"$""", RegexOptions.Multiline)]
    private static partial Regex DescriptionLine();

    [GeneratedRegex("""^  default += (.*)$""", RegexOptions.Multiline)]
    private static partial Regex DefaultLine();

    [GeneratedRegex("""^ {0,2}(resource|data) "([a-z0-9_]+)" "([a-z0-9_]+)" \{$""", RegexOptions.Multiline)]
    private static partial Regex Resource();
}
