namespace BinAuthz.Auditing.Rules;

/// <summary>The rules about what happened since the report before.</summary>
internal static class EventRules
{
    public static IReadOnlyList<AuditRule> All { get; } = [];
}
