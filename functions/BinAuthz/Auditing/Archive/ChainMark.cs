using System.Globalization;
using System.Text;

namespace BinAuthz.Auditing.Archive;

/// <summary>
/// The mark of a place in the chain, <c>audits/ENVIRONMENT/chain/NNNNNNNN</c>: it names the statement that has it. Whoever creates it has
/// the place, so that two runs at a time make one chain.
/// </summary>
internal static class ChainMark
{
    /// <summary>What all marks of an environment begin with.</summary>
    public static string Prefix(string environment) => $"{ReportName.Prefix(environment)}chain/";

    /// <summary>The mark of one place.</summary>
    public static string Name(string environment, long sequence) => string.Create(CultureInfo.InvariantCulture, $"{Prefix(environment)}{sequence:D8}");

    /// <summary>The place of a mark; null: it is none.</summary>
    public static long? Sequence(string environment, string mark)
    {
        var prefix = Prefix(environment);
        return mark.StartsWith(prefix, StringComparison.Ordinal) && long.TryParse(mark.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) && mark == Name(environment, sequence)
            ? sequence
            : null;
    }

    /// <summary>What a mark says.</summary>
    public static byte[] Write(ReportName report) => Encoding.UTF8.GetBytes(report.Statement + "\n");

    /// <summary>The report that a mark names; null: none.</summary>
    public static ReportName? Read(ReadOnlySpan<byte> mark) => ReportName.TryParseStatement(Encoding.UTF8.GetString(mark).TrimEnd('\n'), out var name) ? name : null;
}
