using System.Text.RegularExpressions;

namespace BinAuthz.Tests;

/// <summary>Which folder may know which.</summary>
public sealed partial class ArchitectureTests
{
    [Theory]
    [InlineData("Images")]
    [InlineData("Keys")]
    [InlineData("Attestations", "Images", "Keys")]
    [InlineData("Yaml")]
    [InlineData("Approval", "Attestations", "Images", "Keys", "Yaml")]
    [InlineData("Policies", "Attestations", "Images", "Keys", "Yaml")]
    [InlineData("Decisions", "GoogleCloud", "Approval", "Attestations", "Images", "Keys")]
    [InlineData("GoogleCloud", "Approval", "Attestations", "Images", "Keys")]
    [InlineData("Admission", "Attestations", "Images", "Keys")]
    [InlineData("Checking", "Admission", "GoogleCloud", "Attestations", "Images", "Keys")]
    [InlineData("Denials", "Admission", "Checking", "Decisions", "Setup", "GoogleCloud", "Approval", "Attestations", "Images", "Keys")]
    [InlineData("Alerting", "Denials", "GoogleCloud", "Yaml", "Attestations", "Images", "Keys")]
    [InlineData("Setup", "GoogleCloud", "Attestations", "Images", "Keys", "Yaml")]
    [InlineData("Checkup", "Setup", "Denials", "Checking", "Admission", "Policies", "GoogleCloud", "Approval", "Attestations", "Images", "Keys")]
    [InlineData("Rotation", "Signing", "Setup", "Decisions", "GoogleCloud", "Approval", "Attestations", "Images", "Keys")]
    [InlineData("Auditing", "Rotation", "Signing", "Checkup", "Setup", "Denials", "Checking", "Admission", "Decisions", "Policies", "GoogleCloud", "Approval", "Attestations", "Images", "Keys")]
    [InlineData("Signing", "GoogleCloud", "Setup", "Decisions", "Approval", "Attestations", "Images", "Keys")]
    public void Library_Folder_KnowsOnlyWhatIsBelowIt(string folder, params string[] allowed)
    {
        var known = SourcesOf($"functions/BinAuthz/{folder}").SelectMany(text => OurNamespace().Matches(text)).Select(match => match.Groups[1].Value).Distinct();

        Assert.Empty(known.Except([folder, .. allowed]));
    }

    [Fact]
    public void Emulator_KnowsNothingOfTheProduct() =>
        Assert.DoesNotContain(SourcesOf("functions/BinAuthz.Emulator"), text => ProductNamespace().IsMatch(text));

    [Fact]
    public void Emulator_ReferencesContractsOnly()
    {
        var project = File.ReadAllText(Path.Combine(SourceTree.Root, "functions/BinAuthz.Emulator/BinAuthz.Emulator.csproj"));

        Assert.Equal(["protos/BinAuthz.Emulator.Contracts.csproj"], ProjectReference().Matches(project).Select(match => match.Groups[1].Value));
    }

    [Fact]
    public void Functions_KnowNeitherCliNorEmulator() =>
        Assert.DoesNotContain(SourcesOf("functions/BinAuthz.Functions"), text => text.Contains("BinAuthz.Cli", StringComparison.Ordinal) || text.Contains("BinAuthz.Emulator", StringComparison.Ordinal));

    private static List<string> SourcesOf(string folder)
    {
        var sources = Directory.EnumerateFiles(Path.Combine(SourceTree.Root, folder), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText).ToList();
        Assert.NotEmpty(sources);
        return sources;
    }

    [GeneratedRegex(@"(?<![.\w])BinAuthz\.([A-Z]\w+)")]
    private static partial Regex OurNamespace();

    [GeneratedRegex(@"using BinAuthz\.(?!Emulator\b)")]
    private static partial Regex ProductNamespace();

    [GeneratedRegex("<ProjectReference Include=\"([^\"]+)\"")]
    private static partial Regex ProjectReference();
}
