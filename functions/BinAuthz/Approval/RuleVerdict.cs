namespace BinAuthz.Approval;

/// <summary>What one rule says.</summary>
internal enum RuleVerdict
{
    /// <summary>The image satisfies the rule.</summary>
    Satisfied,

    /// <summary>Something that is still to come is missing; an event will announce it.</summary>
    Awaiting,

    /// <summary>The image breaks the rule.</summary>
    Violated,
}
