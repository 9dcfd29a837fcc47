using System.Text.Json;
using BinAuthz.Denials;

namespace BinAuthz.Alerting;

/// <summary>The words for kinds, severities and stages in files and messages: the names in camelCase, such as <c>dryRunDenial</c>.</summary>
internal static class AlertNames
{
    private static readonly Dictionary<string, FindingKind> Kinds = Enum.GetValues<FindingKind>().ToDictionary(Of);
    private static readonly Dictionary<string, AlertSeverity> Severities = Enum.GetValues<AlertSeverity>().ToDictionary(Of);

    /// <summary>All kinds.</summary>
    public static IReadOnlyCollection<string> AllKinds => Kinds.Keys;

    /// <summary>All severities, the least urgent first.</summary>
    public static IReadOnlyCollection<string> AllSeverities => Severities.Keys;

    /// <summary>Such as <c>dryRunDenial</c>.</summary>
    public static string Of(FindingKind kind) => Camel(kind.ToString());

    /// <summary>Such as <c>critical</c>.</summary>
    public static string Of(AlertSeverity severity) => Camel(severity.ToString());

    /// <summary>Such as <c>summary</c>.</summary>
    public static string Of(AlertStage stage) => Camel(stage.ToString());

    /// <summary>The kind of a name; false: there is none.</summary>
    public static bool TryParse(string name, out FindingKind kind) => Kinds.TryGetValue(name, out kind);

    /// <summary>The severity of a name; false: there is none.</summary>
    public static bool TryParse(string name, out AlertSeverity severity) => Severities.TryGetValue(name, out severity);

    private static string Camel(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);
}
