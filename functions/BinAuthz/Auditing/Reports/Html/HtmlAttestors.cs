namespace BinAuthz.Auditing.Reports.Html;

/// <summary>The attestors and the keys that they trust, so that a signature can be verified without asking anybody.</summary>
internal static class HtmlAttestors
{
    /// <summary>The section.</summary>
    public static Markup Section(AuditReport report) => Markup.Of($"""
        <section id="attestors" aria-labelledby="attestors-title">
        <h2 id="attestors-title">Attestors and keys</h2>
        {(report.Attestors.Count == 0 ? Markup.Of($"<p>None was audited.</p>") : Markup.None)}
        {report.Attestors.Select(attestor => Attestor(attestor, report.Time))}
        </section>
        """);

    private static Markup Attestor(ReportedAttestor attestor, DateTimeOffset now) => Markup.Of($"""
        <h3 class="wrap">{HtmlText.Name(attestor.Name)}</h3>
        <dl class="facts">
        <div><dt>Note</dt><dd>{(attestor.Note is null ? Unknown : HtmlText.Name(attestor.Note))}</dd></div>
        <div><dt>Attestations</dt><dd>{Number(attestor.Attestations)}</dd></div>
        <div><dt>That count</dt><dd>{Number(attestor.Valid)}</dd></div>
        </dl>
        {(attestor.Keys.Count == 0 ? Markup.Of($"<p>No key is known that it trusts.</p>") : Keys(attestor, now))}
        """);

    private static Markup Unknown => Markup.Of($"<span class=\"not_assessed\">not known</span>");

    private static Markup Number(long? number) => number is { } known ? Markup.Of($"{known}") : Unknown;

    private static Markup Keys(ReportedAttestor attestor, DateTimeOffset now) => Markup.Of($"""
        <div class="scroll" role="region" tabindex="0" aria-label="Keys of {attestor.Name}">
        <table>
        <caption>{HtmlText.Count(attestor.Keys.Count, "key is", "keys are")} trusted</caption>
        <thead><tr><th scope="col">Key</th><th scope="col">Algorithm</th><th scope="col">State</th><th scope="col">Made</th></tr></thead>
        <tbody>
        {attestor.Keys.Select(key => Key(key, now))}
        </tbody>
        </table>
        </div>
        """);

    private static Markup Key(ReportedKey key, DateTimeOffset now) => Markup.Of($"""
        <tr><th scope="row">{HtmlText.Name(key.Id)}{Pem(key)}</th><td>{(key.Algorithm is null ? Unknown : Markup.Of($"{key.Algorithm}"))}</td><td>{(key.State is null ? Unknown : Markup.Of($"{key.State}"))}</td><td>{(key.Created is { } created ? Markup.Of($"{HtmlText.Time(created)}, {Age(now - created)}") : Unknown)}</td></tr>

        """);

    private static string Age(TimeSpan age) => $"{HtmlText.Count((long)age.TotalDays, "day", "days")} ago";

    private static Markup Pem(ReportedKey key) => key.Pem is null
        ? Markup.None
        : Markup.Of($"<details><summary>Public key<span class=\"unseen\"> of {key.Id}</span></summary><pre><code>{key.Pem}</code></pre></details>");
}
