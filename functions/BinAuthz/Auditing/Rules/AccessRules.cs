namespace BinAuthz.Auditing.Rules;

/// <summary>The rules about who may do what.</summary>
internal static class AccessRules
{
    public static IReadOnlyList<AuditRule> All { get; } = [];
}
