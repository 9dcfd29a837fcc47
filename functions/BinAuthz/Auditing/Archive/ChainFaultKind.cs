namespace BinAuthz.Auditing.Archive;

/// <summary>What can be wrong with a chain of reports.</summary>
internal enum ChainFaultKind
{
    /// <summary>There is no report at all.</summary>
    NoReport,

    /// <summary>A file is not what the statement signs.</summary>
    FileAltered,

    /// <summary>A file that the statement signs is not there.</summary>
    FileMissing,

    /// <summary>There is a file that nothing signs.</summary>
    FileUnknown,

    /// <summary>A statement is none.</summary>
    StatementUnreadable,

    /// <summary>A statement is of another report.</summary>
    StatementMisplaced,

    /// <summary>The report itself says something else than its statement.</summary>
    StatementContradicted,

    /// <summary>A report had a statement, and has none any more.</summary>
    StatementMissing,

    /// <summary>A signature does not verify.</summary>
    BadSignature,

    /// <summary>A statement is signed by a key that is not known.</summary>
    UnknownKey,

    /// <summary>A report that was there is not any more.</summary>
    ReportRemoved,

    /// <summary>Two reports claim one place in the chain.</summary>
    Fork,

    /// <summary>A report is older than the one before it.</summary>
    TimesReordered,

    /// <summary>A report names another statement as the one before it than is there.</summary>
    PreviousMismatch,

    /// <summary>The mark of a place in the chain is missing or names another report.</summary>
    MarkWrong,

    /// <summary>The newest report that was told of is not there any more.</summary>
    HeadMissing,
}
