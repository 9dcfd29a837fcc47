namespace BinAuthz.Alerting;

/// <summary>Which message about something this is.</summary>
internal enum AlertStage
{
    /// <summary>The first: it has just happened.</summary>
    First,

    /// <summary>How often it happened until its window closed.</summary>
    Summary,

    /// <summary>Many different things at once, in one message.</summary>
    Digest,

    /// <summary>Nothing happened: somebody tries the channels.</summary>
    Test,
}
