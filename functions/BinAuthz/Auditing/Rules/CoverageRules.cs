namespace BinAuthz.Auditing.Rules;

/// <summary>The rules about what has no valid attestation.</summary>
internal static class CoverageRules
{
    public static IReadOnlyList<AuditRule> All { get; } = [];
}
