namespace BinAuthz.Auditing.Reports;

/// <summary>What came out of a rule.</summary>
internal enum RuleStatus
{
    /// <summary>It was assessed and found nothing.</summary>
    Passed,

    /// <summary>It found something.</summary>
    Failed,

    /// <summary>Something that it needs could not be read: it is not known whether it would pass.</summary>
    NotAssessed,
}
