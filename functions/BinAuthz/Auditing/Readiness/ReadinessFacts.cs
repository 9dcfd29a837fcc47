using BinAuthz.Auditing.Facts;
using BinAuthz.Auditing.Reports;
using BinAuthz.Checkup;
using Authz = Google.Cloud.BinaryAuthorization.V1;

namespace BinAuthz.Auditing.Readiness;

/// <summary>What decides whether an environment may enforce.</summary>
/// <param name="Request">What was audited.</param>
/// <param name="Report">An audit made now, that was not kept.</param>
/// <param name="Policy">The policy that is live.</param>
/// <param name="Logs">What the logs of each project tell of the last <see cref="ReadinessPolicy.WithoutDenials"/>.</param>
/// <param name="Failures">The failures of our functions in the last <see cref="ReadinessPolicy.WithoutFailures"/>, of each project.</param>
/// <param name="Kept">The latest report that was kept; null: there is none.</param>
internal sealed record ReadinessFacts(
    AuditRequest Request,
    AuditReport Report,
    Fact<Authz.Policy> Policy,
    IReadOnlyList<Fact<LoggedEvents>> Logs,
    Fact<LoggedFailures> Failures,
    PreviousAudit? Kept);
