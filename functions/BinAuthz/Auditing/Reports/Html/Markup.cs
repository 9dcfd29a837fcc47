namespace BinAuthz.Auditing.Reports.Html;

/// <summary>A piece of HTML in which everything from outside is encoded.</summary>
/// <param name="Source">As it is written into the page.</param>
internal readonly record struct Markup(string Source)
{
    /// <summary>Nothing.</summary>
    public static readonly Markup None = new("");

    /// <summary>An interpolated string: what stands between the holes is HTML, what comes through them is text.</summary>
    public static Markup Of(MarkupHandler source) => new(source.ToString());

    /// <summary>One after the other.</summary>
    public static Markup Of(IEnumerable<Markup> pieces) => new(string.Concat(pieces.Select(piece => piece.Source)));

    public override string ToString() => Source;
}
