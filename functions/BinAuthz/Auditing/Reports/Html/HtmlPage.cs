namespace BinAuthz.Auditing.Reports.Html;

/// <summary>A page that needs nothing but itself: no script, no request, styles inside.</summary>
internal static class HtmlPage
{
    /// <summary>What the page may load: its own style and images in data URLs. Nothing else, whatever it should come to hold.</summary>
    public const string ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

    /// <summary>The document.</summary>
    /// <param name="title">Of the window.</param>
    /// <param name="body">What stands in the body: a header, a main and a footer. Its main has the id <c>main</c>.</param>
    public static Markup Of(string title, Markup body) => Markup.Of($"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="{new Markup(ContentSecurityPolicy)}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="referrer" content="no-referrer">
        <title>{title}</title>
        <link rel="icon" href="data:,">
        <style>{new Markup(HtmlStyle.Sheet)}</style>
        </head>
        <body>
        <a class="skip" href="#main">Skip to the content</a>
        {body}
        </body>
        </html>

        """);
}
