namespace BinAuthz.Tests.Deployment;

/// <summary>The tables of inputs, outputs and resources in terraform's READMEs are what the files declare.</summary>
public sealed class TerraformReadmeTests
{
    public static TheoryData<string> Folders() => ["modules/binauthz-environment", "bootstrap"];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Inputs_AreTheVariables(string folder) => AssertTable(folder, "## Inputs", "| input | default | meaning |", new TerraformFolder(folder).Inputs);

    [Theory]
    [MemberData(nameof(Folders))]
    public void Outputs_AreTheOutputs(string folder) => AssertTable(folder, "## Outputs", "| output | meaning |", new TerraformFolder(folder).Outputs);

    [Theory]
    [MemberData(nameof(Folders))]
    public void Resources_AreThoseOfTheFiles(string folder) => AssertTable(folder, "## Resources", "| file | resources and data sources |", new TerraformFolder(folder).Resources);

    [Fact]
    public void Environments_TakeTheSameInputs()
    {
        string[] Names(string environment) => [.. new TerraformFolder($"environments/{environment}").Inputs.Select(row => row.Split('`')[1])];

        Assert.Equal(Names("production"), Names("staging"));
        Assert.Equal(Names("production"), Names("development"));
    }

    [Theory]
    [InlineData("main.tf")]
    [InlineData("outputs.tf")]
    [InlineData("versions.tf")]
    public void Environments_DifferByTheirNameAlone(string file)
    {
        string Text(string environment) => File.ReadAllText(Path.Combine(SourceTree.Root, "terraform", "environments", environment, file)).Replace(environment, "NAME", StringComparison.Ordinal);

        Assert.Equal(Text("production"), Text("staging"));
        Assert.Equal(Text("production"), Text("development"));
    }

    [Theory]
    [InlineData("development")]
    [InlineData("staging")]
    [InlineData("production")]
    public void Environment_DescribesItsInputsAsTheModuleDoes(string environment)
    {
        var module = new TerraformFolder("modules/binauthz-environment").Inputs.ToDictionary(row => row.Split('`')[1], row => row.Split('|')[^2]);

        Assert.All(new TerraformFolder($"environments/{environment}").Inputs, row => Assert.Equal(module[row.Split('`')[1]], row.Split('|')[^2]));
    }

    // On failure the right table is printed, to be copied.
    private static void AssertTable(string folder, string heading, string header, IEnumerable<string> rows)
    {
        var table = string.Join('\n', [header, string.Concat(Enumerable.Repeat("|---", header.Count(character => character == '|') - 1)) + "|", .. rows]);
        var readme = File.ReadAllText(Path.Combine(SourceTree.Root, "terraform", folder, "README.md"));

        Assert.True(readme.Contains($"{heading}\n\n{table}\n", StringComparison.Ordinal), $"terraform/{folder}/README.md has another table under '{heading}' than the files. It has to be:\n\n{table}\n");
    }
}
