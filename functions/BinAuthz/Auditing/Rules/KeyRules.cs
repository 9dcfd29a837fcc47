namespace BinAuthz.Auditing.Rules;

/// <summary>The rules about keys and attestors.</summary>
internal static class KeyRules
{
    public static IReadOnlyList<AuditRule> All { get; } = [];
}
