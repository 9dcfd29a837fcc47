using System.Text.Json;
using System.Text.Json.Nodes;
using BinAuthz.Alerting.Channels;
using BinAuthz.Denials;
using BinAuthz.GoogleCloud;
using Spectre.Console;

namespace BinAuthz.Cli.Denials;

/// <summary>What was found, and why: for people and programs.</summary>
internal sealed record DiagnosedGroup(FindingGroup Group, Diagnosis Diagnosis)
{
    private const int AtOnce = 4;

    /// <summary>Diagnoses every group, in their order. What does not answer makes a cause undetermined, and keeps nothing back.</summary>
    public static async Task<IReadOnlyList<DiagnosedGroup>> ReadAsync(FindingDiagnosis diagnosis, IReadOnlyList<FindingGroup> groups, CancellationToken cancellationToken)
    {
        var diagnosed = new DiagnosedGroup[groups.Count];
        await Parallel.ForAsync(0, groups.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (index, cancellation) =>
        {
            try
            {
                diagnosed[index] = new DiagnosedGroup(groups[index], await diagnosis.DiagnoseAsync(groups[index].Latest, cancellation).ConfigureAwait(false));
            }
            catch (GoogleCallException error)
            {
                diagnosed[index] = new DiagnosedGroup(groups[index], new Diagnosis(DiagnosisCause.Undetermined, error.Message, "Ask again later.", ""));
            }
        }).ConfigureAwait(false);
        return diagnosed;
    }

    /// <summary>The word for a kind, as alert policies have it, such as <c>dryRunDenial</c>.</summary>
    public static string Word(FindingKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    /// <summary>For programs.</summary>
    public JsonObject ToJson()
    {
        var (finding, source) = (Group.Latest, Group.Latest.Source);
        return new JsonObject
        {
            ["kind"] = Word(finding.Kind),
            ["count"] = Group.Count,
            ["first"] = Rfc3339.Write(Group.First),
            ["last"] = Rfc3339.Write(source.Time),
            ["project"] = source.Project,
            ["platform"] = JsonNamingPolicy.CamelCase.ConvertName(source.Platform.ToString()),
            ["place"] = source.Place,
            ["namespace"] = finding.Namespace,
            ["workload"] = finding.Workload,
            ["serviceAccount"] = finding.ServiceAccount,
            ["principal"] = finding.Principal,
            ["image"] = finding.Image,
            ["change"] = finding.Change is { } change ? new JsonObject { ["resource"] = change.Resource, ["method"] = change.Method } : null,
            ["audit"] = finding.Audit is { } audit ? new JsonObject { ["rule"] = audit.Rule, ["severity"] = audit.Severity, ["resource"] = audit.Resource, ["report"] = audit.Report } : null,
            ["justification"] = finding.Justification,
            ["message"] = finding.Message,
            ["insertId"] = source.InsertId,
            ["logName"] = source.LogName,
            ["cause"] = Diagnosis.Cause.ToString(),
            ["detail"] = Diagnosis.Detail,
            ["refusalCodes"] = new JsonArray([.. Diagnosis.RefusalCodes.Select(code => JsonValue.Create(code))]),
            ["commit"] = Diagnosis.Commit,
            ["remedy"] = Diagnosis.Remedy,
            ["command"] = Diagnosis.Command,
        };
    }

    /// <summary>For people. The log's own words are shown as they are, without what a terminal would obey.</summary>
    public void Write(IAnsiConsole people)
    {
        var (finding, source) = (Group.Latest, Group.Latest.Source);
        var times = Group.Count == 1 ? Rfc3339.Write(source.Time) : $"{Rfc3339.Write(source.Time)}, {Group.Count} times since {Rfc3339.Write(Group.First)}";
        people.WriteLine(AlertText.Line($"{Word(finding.Kind)}: {finding.Image ?? finding.Change?.Resource ?? finding.Audit?.Resource ?? "(no image told)"} ({times})"), new Style(Colour(finding.Kind)));
        string[] place = [source.Project, source.Place, finding.Namespace.Length > 0 ? $"namespace {finding.Namespace}" : "", finding.Workload];
        people.WriteLine(AlertText.Line($"  where: {string.Join(", ", place.Where(part => part.Length > 0))}"));
        if (finding.Principal.Length > 0)
        {
            people.WriteLine(AlertText.Line($"  who: {finding.Principal}"));
        }

        people.WriteLine(AlertText.Line($"  why: {Diagnosis.Cause}: {Diagnosis.Detail}"));
        if (Diagnosis.Commit.Length > 0)
        {
            people.WriteLine(AlertText.Line($"  commit: {Diagnosis.Commit}"));
        }

        people.WriteLine(AlertText.Line($"  remedy: {Diagnosis.Remedy}"));
        if (Diagnosis.Command.Length > 0)
        {
            people.WriteLine(AlertText.Line($"    {Diagnosis.Command}"));
        }
    }

    private static Color Colour(FindingKind kind) => kind is FindingKind.Denial or FindingKind.FailOpen ? Color.Red : Color.Yellow;
}
