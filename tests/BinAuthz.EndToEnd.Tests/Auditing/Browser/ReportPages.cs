using BinAuthz.Auditing.Reports.Html;
using BinAuthz.Tests.Auditing.Reports;

namespace BinAuthz.EndToEnd.Tests.Auditing.Browser;

/// <summary>A report's page, and one with everything wrong that the check looks for, opened once for all tests.</summary>
public sealed class ReportPages : IDisposable
{
    private const string Wrong = """
        <!DOCTYPE html><title>Wrong</title>
        <p style="color:#bbb;background:#fff">Pale</p><div style="width:900px">Wide</div><a href="#nowhere">Nowhere</a>
        <img src="http://127.0.0.1:9/x.png"><span onclick="void 0">x</span>
        <script>alert('opened'); console.error('told'); undefinedName();</script>
        """;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("binauthz-report-");
    private readonly Lazy<Task<IReadOnlyList<SeenPage>>> seen;

    public ReportPages() => seen = new Lazy<Task<IReadOnlyList<SeenPage>>>(OpenAsync);

    public void Dispose() => folder.Delete(recursive: true);

    // Asked for by the tests themselves, because only a test can be skipped.
    internal async Task<IReadOnlyList<SeenPage>> ReportAsync() => [.. (await seen.Value).Where(page => page.Name == "report")];

    internal async Task<SeenPage> WrongAsync() => (await seen.Value).Single(page => page.Name == "wrong");

    private async Task<IReadOnlyList<SeenPage>> OpenAsync()
    {
        var stop = TestContext.Current.CancellationToken;
        await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "report.html"), HtmlReport.Write(ReportSamples.Old), stop);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "wrong.html"), Wrong, stop);
        return await PageCheck.RunAsync([("report", Url("report.html"), []), ("wrong", Url("wrong.html"), ["phone"])], stop);
    }

    private Uri Url(string file) => new(Path.Combine(folder.FullName, file));
}
