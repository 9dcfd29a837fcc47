using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace BinAuthz.EndToEnd.Tests.Gcloud;

/// <summary>One file of <c>testdata/gcloud</c>: commands in order, in a project of their own, and how each ends on Google.</summary>
internal sealed class GcloudScenario
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "testdata", "gcloud");

    private static readonly IDeserializer Yaml = new DeserializerBuilder()
        .WithNamingConvention(CamelCaseNamingConvention.Instance).WithDuplicateKeyChecking().Build();

    /// <summary>Names of files in <c>given/</c> whose steps go first.</summary>
    public List<string> Given { get; init; } = [];

    /// <summary>Files in the working folder, by name.</summary>
    public Dictionary<string, string> Files { get; init; } = [];

    /// <summary>Binary files in the working folder: how many bytes each has.</summary>
    public Dictionary<string, int> Sizes { get; init; } = [];

    /// <summary>Whether its faults would disturb other scenarios.</summary>
    public bool OwnEmulator { get; init; }

    /// <summary>The ways of reaching the emulator in which the commands mean something.</summary>
    public List<GcloudMode> Modes { get; init; } = [GcloudMode.Override, GcloudMode.Proxy];

    public List<ScenarioStep> Steps { get; init; } = [];

    /// <summary>Recorded commands that are not run, and why.</summary>
    public Dictionary<string, string> LeftOut { get; init; } = [];

    [YamlIgnore]
    public string Name { get; private set; } = "";

    public static GcloudScenario Load(string name)
    {
        var scenario = Yaml.Deserialize<GcloudScenario>(File.ReadAllText(Path.Combine(Folder, name + ".yaml")));
        scenario.Name = name;
        return scenario;
    }

    public static IEnumerable<GcloudScenario> LoadAll() =>
        Directory.EnumerateFiles(Folder, "*.yaml").Order(StringComparer.Ordinal).Select(path => Load(Path.GetFileNameWithoutExtension(path)));

    /// <summary>The ids of the commands that were recorded.</summary>
    public static IReadOnlyList<string> Recorded() => [.. File.ReadLines(Path.Combine(Folder, "recorded.txt")).Where(line => line.Length > 0 && line[0] != '#')];

    /// <summary>The steps of what is given.</summary>
    public IEnumerable<ScenarioStep> GivenSteps() =>
        Given.SelectMany(name => Yaml.Deserialize<List<ScenarioStep>>(File.ReadAllText(Path.Combine(Folder, "given", name + ".yaml"))));
}
