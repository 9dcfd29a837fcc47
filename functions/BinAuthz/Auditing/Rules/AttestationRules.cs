namespace BinAuthz.Auditing.Rules;

/// <summary>The rules about the attestations.</summary>
internal static class AttestationRules
{
    public static IReadOnlyList<AuditRule> All { get; } = [];
}
