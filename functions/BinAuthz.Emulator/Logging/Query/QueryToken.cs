namespace BinAuthz.Emulator.Logging.Query;

/// <summary>One token of a Logging query.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">As meant, without quotes.</param>
/// <param name="Path">The names of a path; one for a simple word.</param>
/// <param name="Position">Where it begins, from 0.</param>
internal sealed record QueryToken(QueryTokenKind Kind, string Text, IReadOnlyList<string> Path, int Position)
{
    public bool IsMark(string mark) => Kind == QueryTokenKind.Mark && Text == mark;

    public bool IsKeyword(string keyword) => Kind == QueryTokenKind.Word && Text == keyword;
}
