using System.Text.RegularExpressions;

namespace BinAuthz.Tests;

/// <summary>What the documentation names exists.</summary>
public sealed partial class DocumentationTests
{
    public static TheoryData<string> Documents() =>
    [
        .. new[] { SourceTree.Root }
            .Concat(new[] { "functions", "terraform", "tests" }.SelectMany(folder => Directory.EnumerateDirectories(Path.Combine(SourceTree.Root, folder), "*", SearchOption.AllDirectories).Append(Path.Combine(SourceTree.Root, folder))))
            .Select(folder => Path.Combine(folder, "README.md"))
            .Where(File.Exists)
            .Select(file => Path.GetRelativePath(SourceTree.Root, file)),
    ];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Document_RelativeLinks_LeadToFiles(string document)
    {
        var path = Path.Combine(SourceTree.Root, document);
        var links = Link().Matches(File.ReadAllText(path)).Select(match => match.Groups[1].Value).Where(link => !link.Contains("://", StringComparison.Ordinal));

        Assert.All(links, link => Assert.True(Path.Exists(Path.Combine(Path.GetDirectoryName(path)!, link)), $"{document} names {link}, which is not there."));
    }

    [Fact]
    public void Readme_ConfigurationTable_HasEveryOption()
    {
        var readme = File.ReadAllText(Path.Combine(SourceTree.Root, "README.md"));

        Assert.All(typeof(BinAuthzOptions).GetProperties(), option => Assert.Contains($"| `{option.Name}` |", readme, StringComparison.Ordinal));
    }

    [Fact]
    public void ApprovalReadme_Codes_AreThoseOfTheRules()
    {
        var folder = Path.Combine(SourceTree.Root, "functions/BinAuthz/Approval");
        var code = string.Concat(Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        var table = File.ReadAllLines(Path.Combine(folder, "README.md")).Where(line => line.Count(character => character == '|') == 5).Skip(2);
        string[] codes = [.. table.SelectMany(line => line.Split('|')[2..]).SelectMany(cell => Code().Matches(cell)).Select(match => match.Groups[1].Value).Distinct()];

        Assert.True(codes.Length > 40, $"The table has {codes.Length} codes.");
        Assert.All(codes, each => Assert.Contains($"\"{each}\"", code, StringComparison.Ordinal));
        Assert.Empty(QuotedCode().Matches(code).Select(match => match.Groups[1].Value).Distinct().Except(codes).Except(["my-builder"]));
    }

    [GeneratedRegex("`([a-z-]+)`")]
    private static partial Regex Code();

    [GeneratedRegex("\"([a-z]+(?:-[a-z]+)+)\"")]
    private static partial Regex QuotedCode();

    [GeneratedRegex(@"\]\(([^)#\s]+)\)")]
    private static partial Regex Link();
}
