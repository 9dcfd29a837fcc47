namespace BinAuthz.Emulator.Logging.Query;

/// <summary>What a token of a Logging query is.</summary>
internal enum QueryTokenKind
{
    /// <summary>An unquoted word or a path of names with dots.</summary>
    Word,

    /// <summary>A quoted string.</summary>
    Text,

    /// <summary>A comparison.</summary>
    Operator,

    /// <summary>A parenthesis, a comma, or the minus sign of a negation.</summary>
    Mark,

    /// <summary>Nothing more.</summary>
    End,
}
