using System.Text.Json;
using System.Text.Json.Nodes;
using BinAuthz.Approval.Reading;
using BinAuthz.Yaml;
using Json.Schema;

namespace BinAuthz.Tests.Approval.Reading;

/// <summary>Holds the JSON Schema to the reader: what one refuses, the other refuses too.</summary>
public sealed class ApprovalSchemaTests
{
    // Rules that compare values with each other, look into them, or are about the text itself.
    private const string BeyondSchema = "beyond-schema-";

    private static readonly string SchemaText = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "approval.schema.json"));
    private static readonly JsonSchema Schema = JsonSchema.FromText(SchemaText);
    private static readonly string[] SchemaRules = [.. JsonNode.Parse(SchemaText)!["$defs"]!["group"]!["properties"]!.AsObject().Select(rule => rule.Key)];

    public static TheoryData<string> Valid { get; } = Files("valid", _ => true);

    public static TheoryData<string> Invalid { get; } = Files("invalid", name => !name.StartsWith(BeyondSchema, StringComparison.Ordinal));

    public static TheoryData<string> Beyond { get; } = Files("invalid", name => name.StartsWith(BeyondSchema, StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Valid))]
    public void Valid_Document_IsAcceptedByTheSchema(string name) => Assert.True(Evaluate(name).IsValid, Faults(Evaluate(name)));

    [Theory]
    [MemberData(nameof(Invalid))]
    public void Invalid_Document_IsRefusedByTheSchema(string name) => Assert.False(Evaluate(name).IsValid);

    [Theory]
    [MemberData(nameof(Valid))]
    public void Valid_Document_IsAcceptedByTheReader(string name) => Assert.Empty(Read(name).Errors);

    [Theory]
    [MemberData(nameof(Invalid))]
    [MemberData(nameof(Beyond))]
    public void Invalid_Document_IsRefusedByTheReader(string name) => Assert.NotEmpty(Read(name).Errors);

    [Theory]
    [MemberData(nameof(Beyond))]
    public void Beyond_Document_IsRefusedByTheReaderAlone(string name)
    {
        // YAML that has no form in JSON is not asked about.
        if (name is not ("invalid/beyond-schema-duplicate-key.yaml" or "invalid/beyond-schema-anchor.yaml"))
        {
            Assert.True(Evaluate(name).IsValid, Faults(Evaluate(name)));
        }
    }

    [Fact]
    public void Corpus_RulesOfTheSchema_AreAllWritten()
    {
        var written = Valid.SelectMany(row => RuleNames(Load(row.Data))).ToHashSet();

        Assert.Empty(SchemaRules.Except(written));
        Assert.Empty(KnownRules().Except(SchemaRules));
    }

    private static TheoryData<string> Files(string folder, Func<string, bool> wanted) =>
        [.. Directory.EnumerateFiles(TestData.FullPath($"approval/{folder}")).Select(file => Path.GetFileName(file)).Where(wanted).Order(StringComparer.Ordinal).Select(name => $"{folder}/{name}")];

    private static PolicyReading Read(string name) => ApprovalPolicyReader.Read(TestData.Text($"approval/{name}"), name, DateTimeOffset.MinValue);

    private static EvaluationResults Evaluate(string name) =>
        Schema.Evaluate(JsonSerializer.SerializeToElement(YamlAsJson.Of(Load(name))), new EvaluationOptions { OutputFormat = OutputFormat.List });

    private static string Faults(EvaluationResults results) =>
        string.Join('\n', (results.Details ?? []).Where(detail => detail.Errors is not null).Select(detail => $"{detail.InstanceLocation}: {string.Join("; ", detail.Errors!.Values)}"));

    private static IReadOnlyCollection<string> KnownRules() => new RuleReaders(new YamlReader("", DateTimeOffset.MinValue)).Names;

    // Without the anchor, which has no form in JSON.
    private static YamlValue Load(string name) => YamlLoader.Load(TestData.Text($"approval/{name}").Replace(" &rules", "", StringComparison.Ordinal))!;

    private static IEnumerable<string> RuleNames(YamlValue value) => value switch
    {
        YamlValue.Sequence sequence => sequence.Items.SelectMany(RuleNames),
        YamlValue.Mapping mapping => mapping.Entries.SelectMany(entry => entry.Key is YamlValue.Scalar { Text: "rules" } ? GroupNames(entry.Value) : RuleNames(entry.Value)),
        _ => [],
    };

    private static IEnumerable<string> GroupNames(YamlValue value) => value switch
    {
        YamlValue.Sequence sequence => sequence.Items.SelectMany(GroupNames),
        YamlValue.Mapping mapping => mapping.Entries.SelectMany(entry => entry.Key is YamlValue.Scalar { Text: var name }
            ? name is "any" or "all" ? GroupNames(entry.Value).Prepend(name) : [name]
            : []),
        _ => [],
    };
}
