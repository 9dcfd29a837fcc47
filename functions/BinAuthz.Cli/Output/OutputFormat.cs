namespace BinAuthz.Cli.Output;

/// <summary>What stdout carries.</summary>
internal enum OutputFormat
{
    /// <summary>Sentences and tables for people.</summary>
    Text,

    /// <summary>One JSON document, on one line, for programs.</summary>
    Json,

    /// <summary>A SARIF 2.1.0 log for code scanning, from commands that find things.</summary>
    Sarif,

    /// <summary>A table with a line for each finding, from audits.</summary>
    Csv,

    /// <summary>One page for people, from audits.</summary>
    Html,
}
