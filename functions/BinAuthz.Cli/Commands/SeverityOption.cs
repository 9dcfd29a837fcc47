using System.CommandLine;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Reports;

namespace BinAuthz.Cli.Commands;

/// <summary>From which severity on a finding makes the command fail.</summary>
internal sealed class SeverityOption : Option<string>
{
    public SeverityOption()
        : base("--fail-on")
    {
        Description = "From which severity on a finding gives exit code 1: note, low, medium, high or critical.";
        DefaultValueFactory = _ => ReportWords.Of(AuditSeverity.High);
        HelpName = "severity";
        AcceptOnlyFromAmong([.. Enum.GetValues<AuditSeverity>().Select(ReportWords.Of)]);
    }

    /// <summary>The severity that was chosen.</summary>
    public AuditSeverity Read(ParseResult arguments) => ReportWords.Severity(arguments.GetRequiredValue(this))!.Value;
}
