using BinAuthz.Denials;
using BinAuthz.Tests.Denials;

namespace BinAuthz.Tests.Alerting;

/// <summary>What the audit's log entry tells.</summary>
internal static class AuditFindings
{
    public static Finding Finding { get; } = LogSamples.Read("composed/binauthz-audit-finding").Findings[0];
}
