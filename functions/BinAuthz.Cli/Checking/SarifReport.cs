using System.Text.Json.Nodes;
using BinAuthz.Admission;
using BinAuthz.Auditing.Reports;

namespace BinAuthz.Cli.Checking;

/// <summary>
/// A check as a SARIF 2.1.0 log (docs: OASIS sarif-v2.1.0): a result for each denied image where its image is written, error
/// when it is blocked and warning otherwise; a warning for each workload that asks for break-glass.
/// </summary>
internal static class SarifReport
{
    private const string BreakGlassRule = "break-glass";
    private static readonly AdmissionCause[] Causes = Enum.GetValues<AdmissionCause>();

    /// <summary>The log.</summary>
    public static JsonObject Of(CheckReport report) => SarifLog.Of(Rules(), new JsonObject
    {
        ["invocations"] = new JsonArray(new JsonObject
        {
            ["executionSuccessful"] = report.Errors.Count == 0,
            ["toolExecutionNotifications"] = new JsonArray([.. report.Errors.Select(Notification), .. report.Warnings.Select(Notification)]),
        }),
        ["results"] = new JsonArray([.. report.Workloads.SelectMany(Results)]),
    });

    private static JsonArray Rules() => new(
    [
        .. Causes.Select(cause => Rule(cause.Code(), cause.Description())),
        Rule(BreakGlassRule, "The workload asks to be admitted whatever the policy says."),
    ]);

    private static JsonObject Rule(string id, string description) => new() { ["id"] = id, ["shortDescription"] = SarifLog.Message(description) };

    private static IEnumerable<JsonObject> Results(WorkloadAdmission admission)
    {
        foreach (var image in admission.Images)
        {
            foreach (var denial in image.Denials)
            {
                yield return Result(
                    denial.Cause.Code(),
                    Array.IndexOf(Causes, denial.Cause),
                    image.IsBlocked ? "error" : "warning",
                    $"{admission.Workload}: {image.Message}. {denial.Detail} Remedy: {denial.Remedy}",
                    image.Container.At);
            }
        }

        if (BreakGlass.IsAskedFor(admission.Workload))
        {
            yield return Result(BreakGlassRule, Causes.Length, "warning", $"{admission.Workload} asks for break-glass, so that every image of it is admitted.", admission.Workload.At);
        }
    }

    private static JsonObject Result(string rule, int index, string level, string text, SourcePlace at) => new()
    {
        ["ruleId"] = rule,
        ["ruleIndex"] = index,
        ["level"] = level,
        ["message"] = SarifLog.Message(text),
        ["locations"] = new JsonArray(Location(at)),
    };

    private static JsonObject Notification(ManifestError error) => new()
    {
        ["level"] = "error",
        ["message"] = SarifLog.Message($"{error.Rule} {error.Remedy}"),
        ["locations"] = new JsonArray(Location(error.At)),
    };

    private static JsonObject Notification(string warning) => new() { ["level"] = "warning", ["message"] = SarifLog.Message(warning) };

    private static JsonObject Location(SourcePlace at) => new()
    {
        ["physicalLocation"] = new JsonObject
        {
            ["artifactLocation"] = new JsonObject { ["uri"] = Address(at.File) },
            ["region"] = new JsonObject { ["startLine"] = at.Line, ["startColumn"] = at.Column },
        },
    };

    // Code scanning wants paths from the root of the sources, as they are when the check is run there.
    private static string Address(string file)
    {
        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), file);
        var isInside = !Path.IsPathRooted(relative) && !relative.StartsWith("..", StringComparison.Ordinal);
        return isInside
            ? string.Join('/', relative.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar).Select(Uri.EscapeDataString))
            : new Uri(Path.GetFullPath(file)).AbsoluteUri;
    }
}
