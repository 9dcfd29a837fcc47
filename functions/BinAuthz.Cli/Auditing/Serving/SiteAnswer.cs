using System.Text;
using BinAuthz.Auditing.Reports.Html;

namespace BinAuthz.Cli.Auditing.Serving;

/// <summary>What the site answers.</summary>
/// <param name="Status">Of HTTP.</param>
/// <param name="ContentType">Of the body.</param>
/// <param name="Body">The page or file.</param>
internal sealed record SiteAnswer(int Status, string ContentType, ReadOnlyMemory<byte> Body)
{
    /// <summary>A page.</summary>
    public static SiteAnswer Page(int status, Markup page) => new(status, "text/html; charset=utf-8", Encoding.UTF8.GetBytes(page.Source));
}
