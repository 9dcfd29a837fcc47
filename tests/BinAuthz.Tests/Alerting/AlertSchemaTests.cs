using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BinAuthz.Alerting;
using BinAuthz.Alerting.Reading;
using BinAuthz.Yaml;
using Json.Schema;

namespace BinAuthz.Tests.Alerting;

/// <summary>Holds the JSON Schema to the reader: what one refuses, the other refuses too. The first line of each invalid file says which error is expected where.</summary>
public sealed partial class AlertSchemaTests
{
    // Rules that compare values with each other, look into them, or are about the text itself.
    private const string BeyondSchema = "beyond-schema-";

    private static readonly string SchemaText = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "alerts.schema.json"));
    private static readonly JsonSchema Schema = JsonSchema.FromText(SchemaText);

    public static TheoryData<string> Valid { get; } = Files("valid");

    public static TheoryData<string> Invalid { get; } = Files("invalid");

    [Theory]
    [MemberData(nameof(Valid))]
    public void Valid_Document_IsAcceptedByBoth(string name)
    {
        Assert.True(AlertPolicyReader.TryParse(TestData.Text($"alerts/{name}"), name, out var policy, out var errors), string.Join('\n', errors));
        Assert.NotEmpty(policy.Environments);
        Assert.True(IsAcceptedBySchema(name));
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public void Invalid_Document_IsRefusedWhereItIsWrong(string name)
    {
        var expected = Expectation().Match(TestData.Text($"alerts/{name}"));

        Assert.False(AlertPolicyReader.TryParse(TestData.Text($"alerts/{name}"), name, out var policy, out var errors));

        Assert.True(expected.Success, "The first line must say what is expected.");
        Assert.Null(policy);
        Assert.Contains(errors, error => $"{error.Line}:{error.Column}" == expected.Groups[1].Value && error.Rule.Contains(expected.Groups[2].Value, StringComparison.Ordinal));
        Assert.All(errors, error => Assert.NotEmpty(error.Remedy));
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public void Invalid_Document_IsRefusedByTheSchemaToo(string name)
    {
        // YAML that has no form in JSON is not asked about.
        if (name is not ("invalid/beyond-schema-duplicate-key.yaml" or "invalid/beyond-schema-environment-twice.yaml" or "invalid/beyond-schema-anchor.yaml"))
        {
            Assert.Equal(Path.GetFileName(name).StartsWith(BeyondSchema, StringComparison.Ordinal), IsAcceptedBySchema(name));
        }
    }

    [Fact]
    public void Schema_Words_AreThoseOfTheReader()
    {
        var definitions = JsonNode.Parse(SchemaText)!["$defs"]!;

        Assert.Equal(AlertNames.AllKinds, Words(definitions["route"]!["properties"]!["kinds"]!["items"]!["enum"]!));
        Assert.Equal(AlertNames.AllSeverities, Words(definitions["route"]!["properties"]!["minimum"]!["enum"]!));
        Assert.Equal(new ChannelReader(new YamlReader("", DateTimeOffset.MinValue)).Services.Order(), definitions["channel"]!["properties"]!.AsObject().Select(service => service.Key).Order());
    }

    private static TheoryData<string> Files(string folder) =>
        [.. Directory.EnumerateFiles(TestData.FullPath($"alerts/{folder}")).Select(file => $"{folder}/{Path.GetFileName(file)}").Order(StringComparer.Ordinal)];

    private static bool IsAcceptedBySchema(string name)
    {
        // Without the anchor, which has no form in JSON.
        var value = YamlLoader.Load(TestData.Text($"alerts/{name}").Replace(" &p", "", StringComparison.Ordinal))!;
        return Schema.Evaluate(JsonSerializer.SerializeToElement(YamlAsJson.Of(value))).IsValid;
    }

    private static IEnumerable<string> Words(JsonNode words) => words.AsArray().Select(word => (string)word!);

    [GeneratedRegex(@"\A# expect (\d+:\d+) (.+)\n")]
    private static partial Regex Expectation();
}
