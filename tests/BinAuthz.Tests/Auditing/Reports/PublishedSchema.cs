using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace BinAuthz.Tests.Auditing.Reports;

/// <summary>A format as those who defined it published it (testdata/schemas).</summary>
internal sealed class PublishedSchema
{
    public static readonly PublishedSchema Sarif = new("schemas/sarif-2.1.0.schema.json");
    public static readonly PublishedSchema Oscal = new("schemas/oscal-assessment-results-1.1.3.schema.json");

    private static readonly EvaluationOptions Options = new() { RequireFormatValidation = true, OutputFormat = OutputFormat.List };

    private readonly JsonSchema schema;

    private PublishedSchema(string path) => schema = JsonSchema.FromText(AsDraft7(TestData.Text(path)));

    /// <summary>What is wrong with a document; empty: nothing.</summary>
    public IReadOnlyList<string> Faults(JsonNode document)
    {
        var results = schema.Evaluate(JsonSerializer.SerializeToElement(document), Options);
        return results.IsValid ? [] : [.. (results.Details ?? []).Where(detail => detail.Errors is not null).Select(detail => $"{detail.InstanceLocation}: {string.Join(' ', detail.Errors!.Values)}"), "invalid"];
    }

    // The evaluator begins with draft 6. SARIF's is of draft 4, and of what changed since it uses only the name of the id. The
    // ids inside OSCAL's definitions are not needed, because every reference is a pointer.
    private static string AsDraft7(string text)
    {
        var root = JsonNode.Parse(text)!.AsObject();
        root.Remove("id");
        root["$schema"] = "http://json-schema.org/draft-07/schema#";
        foreach (var (_, definition) in root["definitions"]!.AsObject())
        {
            definition!.AsObject().Remove("$id");
        }

        return root.ToJsonString();
    }
}
