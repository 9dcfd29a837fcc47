using BinAuthz.Auditing.Rules;

namespace BinAuthz.Auditing;

/// <summary>All rules, in the order of their ids.</summary>
internal static class AuditRules
{
    public static IReadOnlyList<AuditRule> All { get; } =
    [
        .. AttestationRules.All,
        .. KeyRules.All,
        .. PolicyRules.All,
        .. CoverageRules.All,
        .. AccessRules.All,
        .. EventRules.All,
    ];
}
