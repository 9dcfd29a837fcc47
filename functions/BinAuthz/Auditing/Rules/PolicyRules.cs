namespace BinAuthz.Auditing.Rules;

/// <summary>The rules about the policy and what evaluates it.</summary>
internal static class PolicyRules
{
    public static IReadOnlyList<AuditRule> All { get; } = [];
}
