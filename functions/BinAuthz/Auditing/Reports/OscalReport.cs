using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace BinAuthz.Auditing.Reports;

/// <summary>
/// A report as NIST OSCAL 1.1.3 assessment results (pages.nist.gov/OSCAL). Each rule is an objective, and each has a finding that
/// says whether it is satisfied; one that was not assessed is not. What was found are observations about inventory items.
/// </summary>
internal static class OscalReport
{
    /// <summary>The namespace of our properties.</summary>
    public const string Extension = "urn:binauthz:audit";

    private const string Nist = "NIST SP 800-53";
    private const string Catalog = "https://raw.githubusercontent.com/usnistgov/oscal-content/main/nist.gov/SP800-53/rev5/json/NIST_SP-800-53_rev5_catalog.json";

    /// <summary>The document.</summary>
    public static byte[] Write(AuditReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var digest = Convert.ToHexStringLower(SHA256.HashData(AuditReportJson.Write(report)));
        var plan = ContentUuid.Of("assessment-plan", report.Environment);
        var results = new JsonObject
        {
            ["uuid"] = ContentUuid.Of("assessment-results", digest),
            ["metadata"] = new JsonObject
            {
                ["title"] = Prose.Markdown($"Audit of Binary Authorization: {report.Environment} of {report.Project}"),
                ["last-modified"] = Rfc3339.Write(report.Time),
                ["version"] = Rfc3339.Write(report.Time),
                ["oscal-version"] = "1.1.3",
            },
            ["import-ap"] = new JsonObject { ["href"] = $"#{plan}" },
        };
        AddUnlessEmpty(results, "local-definitions", "objectives-and-methods", report.Rules.SelectMany(Objectives));
        results["results"] = new JsonArray(Result(report, digest));
        results["back-matter"] = new JsonObject { ["resources"] = new JsonArray(Plan(plan)) };
        return JsonBytes.Of(new JsonObject { ["assessment-results"] = results });
    }

    /// <summary>A property of ours; a value that OSCAL does not allow (empty, or with line ends or spaces around) is made one that it does.</summary>
    public static JsonObject Property(string name, string value, string? type = null)
    {
        var line = string.Join(' ', value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        var property = new JsonObject { ["name"] = name, ["ns"] = Extension, ["value"] = line.Length == 0 ? "(empty)" : line };
        if (type is not null)
        {
            property["class"] = type;
        }

        return property;
    }

    /// <summary>The ids of a rule's objectives: one for each control that it gives evidence for in NIST SP 800-53; the rule's own where there is none.</summary>
    public static IEnumerable<string> Targets(ReportedRule rule) =>
        rule.Controls.Where(control => control.Framework == Nist).Select(control => Objective(rule, control)).DefaultIfEmpty(rule.Id);

    private static string Objective(ReportedRule rule, AuditControl control) => $"{rule.Id}_{control.Id}";

    private static JsonObject Plan(string uuid) => new()
    {
        ["uuid"] = uuid,
        ["title"] = "Assessment plan",
        ["description"] = "There is no plan as a document of its own: every rule of binauthz audit is assessed, automatically, in every audit. The rules are listed as local objectives and findings.",
    };

    private static IEnumerable<JsonObject> Objectives(ReportedRule rule) => rule.Controls.Where(control => control.Framework == Nist).Select(control => new JsonObject
    {
        ["control-id"] = control.Id,
        ["parts"] = new JsonArray(new JsonObject
        {
            ["id"] = Objective(rule, control),
            ["name"] = "assessment-objective",
            ["title"] = Prose.Markdown(rule.Title),
            ["prose"] = Prose.Markdown($"Determine that this is not so: {rule.Title}. {rule.Rationale}"),
            ["props"] = new JsonArray(Property("rule", rule.Id)),
        }),
    });

    private static JsonObject Result(AuditReport report, string digest)
    {
        var result = new JsonObject
        {
            ["uuid"] = ContentUuid.Of("result", digest),
            ["title"] = Prose.Markdown($"{report.Environment} at {Rfc3339.Write(report.Time)}"),
            ["description"] = "Every attestation was verified with the attestors' public keys; keys, policy, coverage, access and events were compared with what they should be.",
            ["start"] = Rfc3339.Write(report.Time),
            ["end"] = Rfc3339.Write(report.Time),
            ["props"] = new JsonArray(
                Property("environment", report.Environment),
                Property("project", report.Project),
                Property("events-since", Rfc3339.Write(report.Since)),
                Property("complete", report.IsComplete ? "true" : "false"),
                Property("report-sha256", digest)),
        };
        AddUnlessEmpty(result, "local-definitions", "inventory-items", report.Findings.Select(finding => finding.Resource).Distinct(StringComparer.Ordinal).Select(OscalFindings.Item));
        result["reviewed-controls"] = Reviewed(report);
        AddUnlessEmpty(result, null, "observations", report.Findings.Select(finding => OscalFindings.Observation(report, finding)));
        AddUnlessEmpty(result, null, "findings", OscalFindings.Of(report, digest));
        return result;
    }

    private static JsonObject Reviewed(AuditReport report)
    {
        var controls = report.Rules.SelectMany(rule => rule.Controls).Distinct().OrderBy(control => control.Framework, StringComparer.Ordinal).ThenBy(control => control.Id, StringComparer.Ordinal).ToArray();
        var selection = new JsonObject { ["description"] = "The controls of NIST SP 800-53 revision 5 that the rules give evidence for." };
        AddUnlessEmpty(selection, null, "include-controls", controls.Where(control => control.Framework == Nist).Select(control => new JsonObject { ["control-id"] = control.Id }));
        var reviewed = new JsonObject();
        AddUnlessEmpty(reviewed, null, "props", controls.Where(control => control.Framework != Nist).Select(Property));
        reviewed["links"] = new JsonArray(new JsonObject { ["href"] = Catalog, ["rel"] = "reference", ["text"] = "NIST SP 800-53 revision 5" });
        reviewed["control-selections"] = new JsonArray(selection);
        return reviewed;
    }

    /// <summary>A control of any framework, of which the class says which.</summary>
    public static JsonObject Property(AuditControl control) => Property("control", control.Id, Token(control.Framework));

    /// <summary>Adds a list, which OSCAL does not allow to be empty, below an object of its own or directly.</summary>
    private static void AddUnlessEmpty(JsonObject parent, string? below, string name, IEnumerable<JsonObject> items)
    {
        var list = new JsonArray([.. items]);
        if (list.Count > 0 && below is not null)
        {
            parent[below] = new JsonObject { [name] = list };
        }
        else if (list.Count > 0)
        {
            parent[name] = list;
        }
    }

    // OSCAL's tokens begin with a letter or _ and have no spaces.
    private static string Token(string text) => "_" + string.Concat(text.Select(character => char.IsAsciiLetterOrDigit(character) ? char.ToLowerInvariant(character) : '-')) is var token && token.Length > 1 && char.IsAsciiLetter(token[1])
        ? token[1..]
        : token;
}
