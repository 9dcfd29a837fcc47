using System.Text.Json;

namespace BinAuthz.Auditing.Reports;

/// <summary>An object of a report, read strictly: every error names the field by its path, such as <c>findings[3].severity</c>.</summary>
internal readonly struct ReportFields
{
    // Far more than there can be, and sums of them stay numbers.
    private const long MaximumCount = 1_000_000_000_000;

    private readonly JsonElement json;
    private readonly string path;

    private ReportFields(JsonElement json, string path)
    {
        this.json = json;
        this.path = path;
    }

    /// <summary>The report itself.</summary>
    /// <exception cref="FormatException">It is no object.</exception>
    public static ReportFields Root(JsonElement json) => Object(json, "");

    /// <summary>Refuses every field but these.</summary>
    /// <exception cref="FormatException">There is another.</exception>
    public ReportFields Only(params ReadOnlySpan<string> names)
    {
        foreach (var field in json.EnumerateObject())
        {
            if (!names.Contains(field.Name))
            {
                throw new FormatException($"it has the field '{At(field.Name)}', which no report of version 1 has");
            }
        }

        return this;
    }

    /// <summary>Whether the field is there.</summary>
    public bool Has(string name) => json.TryGetProperty(name, out _);

    /// <summary>The text of a field.</summary>
    public string Text(string name) => Get(name, JsonValueKind.String, "text").GetString()!;

    /// <summary>The text of a field; null: it is not there.</summary>
    public string? OptionalText(string name) => Has(name) ? Text(name) : null;

    /// <summary>A whole number from 0 to 10¹².</summary>
    public long Count(string name) =>
        Get(name, JsonValueKind.Number, "number").TryGetInt64(out var value) && value is >= 0 and <= MaximumCount ? value : throw Wrong(name, "whole number from 0 to 10^12");

    /// <summary>A whole number from 0 to 10¹²; null: it is not there.</summary>
    public long? OptionalCount(string name) => Has(name) ? Count(name) : null;

    /// <summary>A finite number; null: it is not there.</summary>
    public double? OptionalNumber(string name) => Has(name) ? Number(name) : null;

    /// <summary>A finite number.</summary>
    public double Number(string name)
    {
        var value = Get(name, JsonValueKind.Number, "number").GetDouble();
        return double.IsFinite(value) ? value : throw Wrong(name, "finite number");
    }

    /// <summary>True or false.</summary>
    public bool Flag(string name) => Get(name).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong(name, "true or false"),
    };

    /// <summary>A time as RFC 3339 writes it, in UTC to the millisecond.</summary>
    public DateTimeOffset Time(string name)
    {
        try
        {
            return Rfc3339.Read(Text(name));
        }
        catch (FormatException error)
        {
            throw new FormatException($"its field '{At(name)}' is no time such as 2026-10-01T08:15:30.123Z", error);
        }
    }

    /// <summary>A time; null: it is not there.</summary>
    public DateTimeOffset? OptionalTime(string name) => Has(name) ? Time(name) : null;

    /// <summary>A severity by its word.</summary>
    public AuditSeverity Severity(string name) => ReportWords.Severity(Text(name)) ?? throw Wrong(name, "severity");

    /// <summary>A result by its word.</summary>
    public RuleStatus Status(string name) => ReportWords.Status(Text(name)) ?? throw Wrong(name, "result of a rule");

    /// <summary>An object.</summary>
    public ReportFields Inner(string name) => Object(Get(name), At(name));

    /// <summary>A list of objects.</summary>
    public IReadOnlyList<T> List<T>(string name, Func<ReportFields, T> read)
    {
        var list = new List<T>();
        foreach (var element in Get(name, JsonValueKind.Array, "list").EnumerateArray())
        {
            list.Add(read(Object(element, $"{At(name)}[{list.Count}]")));
        }

        return list;
    }

    /// <summary>That what a field says is not what follows from the others.</summary>
    public FormatException Contradicts(string name) => new($"its field '{At(name)}' is not what follows from the rest of it");

    private FormatException Wrong(string name, string expected) => new($"its field '{At(name)}' is no {expected}");

    private static ReportFields Object(JsonElement json, string path) => json.ValueKind == JsonValueKind.Object
        ? new ReportFields(json, path)
        : throw new FormatException(path.Length == 0 ? "it is no object" : $"its field '{path}' is no object");

    private JsonElement Get(string name, JsonValueKind kind, string expected) => Get(name) is var value && value.ValueKind == kind ? value : throw Wrong(name, expected);

    private JsonElement Get(string name) => json.TryGetProperty(name, out var value) ? value : throw new FormatException($"it has no field '{At(name)}'");

    private string At(string name) => path.Length == 0 ? name : $"{path}.{name}";
}
