namespace BinAuthz.Auditing.Reports;

/// <summary>The words for severities and results that programs read, the same in every format.</summary>
internal static class ReportWords
{
    /// <summary>Such as <c>critical</c>.</summary>
    public static string Of(AuditSeverity severity) => severity switch
    {
        AuditSeverity.Note => "note",
        AuditSeverity.Low => "low",
        AuditSeverity.Medium => "medium",
        AuditSeverity.High => "high",
        AuditSeverity.Critical => "critical",
        _ => throw new InvalidOperationException($"{severity} is no severity that is known here."),
    };

    /// <summary>Such as <c>not_assessed</c>.</summary>
    public static string Of(RuleStatus status) => status switch
    {
        RuleStatus.Passed => "passed",
        RuleStatus.Failed => "failed",
        RuleStatus.NotAssessed => "not_assessed",
        _ => throw new InvalidOperationException($"{status} is no result of a rule that is known here."),
    };

    /// <summary>The severity of a word; null: the word is none.</summary>
    public static AuditSeverity? Severity(string word) => Find<AuditSeverity>(severity => Of(severity) == word);

    /// <summary>The result of a word; null: the word is none.</summary>
    public static RuleStatus? Status(string word) => Find<RuleStatus>(status => Of(status) == word);

    private static T? Find<T>(Func<T, bool> matches)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (matches(value))
            {
                return value;
            }
        }

        return null;
    }
}
