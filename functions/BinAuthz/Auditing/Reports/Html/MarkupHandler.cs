using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace BinAuthz.Auditing.Reports.Html;

/// <summary>Encodes every text that is put into an interpolated string of HTML, so that none can be forgotten.</summary>
[InterpolatedStringHandler]
internal readonly struct MarkupHandler
{
    private readonly StringBuilder source;

    public MarkupHandler(int literalLength, int formattedCount) => source = new StringBuilder(literalLength + (formattedCount * 32));

    public void AppendLiteral(string html) => source.Append(html);

    public void AppendFormatted(string? text) => source.Append(HtmlText.Encode(text ?? ""));

    public void AppendFormatted(long number) => source.Append(number.ToString("N0", CultureInfo.InvariantCulture));

    public void AppendFormatted(Markup html) => source.Append(html.Source);

    public void AppendFormatted(IEnumerable<Markup> html)
    {
        foreach (var piece in html)
        {
            source.Append(piece.Source);
        }
    }

    public override string ToString() => source.ToString();
}
