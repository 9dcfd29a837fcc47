namespace BinAuthz.Auditing.Reports.Html;

/// <summary>How pages look: on screens in light and dark, on phones, and on paper.</summary>
internal static class HtmlStyle
{
    /// <summary>The style sheet. Every pair of text and ground has a contrast of 4.5 or more (WCAG 2.2 AA).</summary>
    public const string Sheet = """

        :root { color-scheme: light dark;
          --ground: #fdfcfa; --sheet: #ffffff; --ink: #1c2024; --soft: #555c65; --line: #dcdad4; --rule: #b9b6ae; --link: #1d4e89; --code: #f3f1ec;
          --critical: #8c1526; --high: #9c3a0c; --medium: #735100; --low: #2f5878; --note: #555c65; --passed: #1b6a3a; --not_assessed: #62418f; --chart: #1d4e89; }
        @media (prefers-color-scheme: dark) { :root {
          --ground: #14171a; --sheet: #1a1e22; --ink: #e7e9eb; --soft: #a7afb8; --line: #30363c; --rule: #4a525a; --link: #92bdf0; --code: #242a30;
          --critical: #ff9da5; --high: #ffb185; --medium: #ecc766; --low: #a3c9e8; --note: #a7afb8; --passed: #86d9a4; --not_assessed: #cdb4f2; --chart: #92bdf0; } }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
        body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
        body > header, main, body > footer { max-width: 66rem; margin: 0 auto; padding: 0 1.5rem; }
        body > header { padding-top: 3rem; }
        body > footer { padding-top: 1.5rem; padding-bottom: 3rem; color: var(--soft); font-size: .875rem; }
        h1, h2, h3 { font-family: Charter, "Bitstream Charter", "Iowan Old Style", Georgia, "Liberation Serif", serif; font-weight: 600; line-height: 1.2; text-wrap: balance; }
        h1 { font-size: 2.25rem; margin: .25rem 0 .5rem; }
        h2 { font-size: 1.5rem; margin: 0 0 .75rem; }
        h3 { font-size: 1.125rem; margin: 1.75rem 0 .5rem; }
        h4 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
        p { margin: 0 0 .75rem; max-width: 46rem; }
        a { color: var(--link); text-underline-offset: .15em; }
        :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 2px; }
        .skip { position: absolute; left: -100rem; }
        .skip:focus { left: 1rem; top: 1rem; padding: .5rem 1rem; background: var(--sheet); z-index: 1; }
        .eyebrow { margin: 0; color: var(--soft); font-size: .8125rem; letter-spacing: .08em; text-transform: uppercase; }
        .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
        .soft { color: var(--soft); }
        .small { font-size: .875rem; }
        code, pre { font-family: ui-monospace, "SFMono-Regular", Menlo, Consolas, "Liberation Mono", monospace; font-size: .8125rem; }
        code { background: var(--code); padding: .05em .3em; border-radius: 3px; overflow-wrap: anywhere; unicode-bidi: isolate; }
        code.name { background: none; padding: 0; }
        pre { background: var(--code); padding: .75rem 1rem; border-radius: 4px; white-space: pre-wrap; overflow-wrap: anywhere; margin: .5rem 0 1rem; }
        pre code { background: none; padding: 0; }
        main > section { border-top: 1px solid var(--rule); padding: 2rem 0 2.25rem; }
        main > section:first-child { border-top: 0; padding-top: 1rem; }
        nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 1rem 0 0; padding: 0; font-size: .9375rem; }
        .verdict { border-left: 6px solid currentColor; padding: .25rem 0 .25rem 1.25rem; margin: .5rem 0 1.75rem; }
        .verdict h2 { font-size: 1.875rem; margin: 0 0 .25rem; }
        .verdict p { color: var(--ink); margin: 0; }
        .critical { color: var(--critical); } .high { color: var(--high); } .medium { color: var(--medium); } .low { color: var(--low); } .note { color: var(--note); }
        .passed { color: var(--passed); } .not_assessed { color: var(--not_assessed); } .failed { color: var(--high); }
        .badge { display: inline-block; border: 1px solid currentColor; border-radius: 3px; padding: 0 .4em; font-size: .75rem; font-weight: 600; line-height: 1.5; white-space: nowrap; vertical-align: .08em; }
        dl { margin: 0; }
        dt { color: var(--soft); font-size: .8125rem; }
        dd { margin: 0; overflow-wrap: anywhere; }
        .facts { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 1rem 2rem; margin-bottom: 2rem; }
        .facts .wide { grid-column: span 2; }
        .facts div { border-top: 1px solid var(--line); padding-top: .5rem; }
        .figures dd { font: 600 1.75rem/1.2 Charter, "Bitstream Charter", "Iowan Old Style", Georgia, "Liberation Serif", serif; font-variant-numeric: lining-nums; }
        .figures dd span { display: block; font: .8125rem/1.4 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; color: var(--soft); }
        .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 1.5rem 2rem; }
        figure { margin: 0; }
        figcaption { font-weight: 600; font-size: .9375rem; margin-bottom: .25rem; }
        svg { display: block; width: 100%; height: auto; }
        svg text { fill: var(--soft); font-size: 11px; font-family: inherit; }
        svg .axis { stroke: var(--line); stroke-width: 1; }
        svg .line { fill: none; stroke: var(--chart); stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
        svg .point { fill: var(--chart); }
        table { width: 100%; border-collapse: collapse; font-size: .9375rem; font-variant-numeric: tabular-nums; }
        caption { text-align: left; color: var(--soft); font-size: .875rem; padding-bottom: .5rem; }
        th, td { text-align: left; vertical-align: top; padding: .5rem .75rem .5rem 0; border-bottom: 1px solid var(--line); }
        th:last-child, td:last-child { padding-right: 0; }
        thead th { color: var(--soft); font-size: .8125rem; font-weight: 600; border-bottom-color: var(--rule); vertical-align: bottom; }
        tbody th { font-weight: 400; }
        td p { margin: .25rem 0 0; }
        .number { text-align: right; }
        .wrap { overflow-wrap: anywhere; }
        .scroll { overflow-x: auto; position: relative; }
        .scroll table { min-width: 40rem; }
        .rules th:first-child { width: 46%; } .rules th:nth-child(3) { width: 6rem; } .rules th:nth-child(4) { width: 6rem; }
        .controls { table-layout: fixed; } .controls th:first-child { width: 34%; } .controls th:nth-child(2) { width: 8rem; } .controls th:nth-child(3) { width: 13rem; }
        .group { margin: 1.5rem 0 0; }
        .finding { border-top: 1px solid var(--line); padding: .75rem 0 1rem; }
        .finding h4, .group > h4 { margin: 0 0 .25rem; font-weight: 600; overflow-wrap: anywhere; }
        .finding h5 { margin: 0 0 .25rem; font-size: .9375rem; font-weight: 600; overflow-wrap: anywhere; }
        .finding p { overflow-wrap: anywhere; margin-bottom: .5rem; }
        .finding dl div { display: grid; grid-template-columns: 6rem 1fr; gap: .75rem; padding: .1rem 0; }
        .finding dd ul, td ul { margin: 0; padding: 0; list-style: none; }
        td li + li { margin-top: .25rem; }
        summary { cursor: pointer; color: var(--link); font-size: .9375rem; padding: .25rem 0; width: fit-content; max-width: 100%; }
        ol.steps { padding-left: 1.25rem; margin: 0; } ol.steps li { padding-left: .25rem; }
        :target { scroll-margin-top: 1rem; background: var(--code); }
        @media (max-width: 40rem) {
          body > header, main, body > footer { padding-left: 1rem; padding-right: 1rem; } body > header { padding-top: 1.5rem; }
          h1 { font-size: 1.75rem; overflow-wrap: anywhere; } .verdict h2 { font-size: 1.5rem; }
          .facts { grid-template-columns: repeat(2, minmax(0, 1fr)); }
          .finding dl div { grid-template-columns: 1fr; gap: 0; }
          .scroll table { min-width: 36rem; } .scroll .controls { min-width: 48rem; } .rules th:first-child { width: 34%; }
        }
        @media print {
          :root { color-scheme: light; --ground: #ffffff; --sheet: #ffffff; --ink: #000000; --soft: #444a52; --line: #cccccc; --rule: #888888; --link: #000000; --code: #f4f4f4;
            --critical: #8c1526; --high: #9c3a0c; --medium: #735100; --low: #2f5878; --note: #444a52; --passed: #1b6a3a; --not_assessed: #62418f; --chart: #000000; }
          @page { margin: 18mm 16mm; }
          html { font-size: 10pt; } body > header { padding-top: 0; } body > header, main, body > footer { max-width: none; padding-left: 0; padding-right: 0; }
          nav, .skip, .numbers { display: none; } .scroll { overflow: visible; } .scroll table, .scroll .controls { min-width: 0; }
          h2, h3, h4, h5, caption, thead { break-after: avoid; } .finding, tr, figure, .verdict, .facts div { break-inside: avoid; }
          details::details-content { content-visibility: visible; block-size: auto; display: block; } summary { color: var(--soft); list-style: none; }
          a { text-decoration: none; }
        }

        """;
}
