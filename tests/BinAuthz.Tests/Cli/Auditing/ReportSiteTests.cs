using System.Net;
using BinAuthz.Auditing.Archive;
using BinAuthz.Cli.Auditing.Serving;
using BinAuthz.Tests.Auditing.Archive;
using BinAuthz.Tests.Auditing.Reports;

namespace BinAuthz.Tests.Cli.Auditing;

public sealed class ReportSiteTests : IAsyncLifetime
{
    private readonly ChainWorld world = new();
    private ReportSite site = null!;
    private HttpClient http = null!;

    public async ValueTask InitializeAsync()
    {
        await world.WithAsync(1);
        await world.Store.StoreAsync(ReportSamples.Full with { Time = ChainWorld.Report(2).Time, Previous = null }, ChainWorld.Stop);
        site = await ReportSite.StartAsync(world.Archive, world, "production", 0, TimeProvider.System, ChainWorld.Stop);
        http = new HttpClient { BaseAddress = site.Address };
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await site.DisposeAsync();
        world.Dispose();
    }

    [Fact]
    public async Task List_Chain_ShowsEveryReportTheNewestFirst()
    {
        var (status, page) = await GetAsync("/");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("The chain is whole", page, StringComparison.Ordinal);
        Assert.Contains(ReportStatement.DigestOf(await world.ReadAsync(ChainWorld.Name(2).Statement)), page, StringComparison.Ordinal);
        Assert.True(page.IndexOf("/reports/20261127T060000Z", StringComparison.Ordinal) < page.IndexOf("/reports/20261126T060000Z", StringComparison.Ordinal));
        Assert.Contains("href=\"/diff/20261126T060000Z/20261127T060000Z\"", page, StringComparison.Ordinal);
        Assert.Contains("badge critical", page, StringComparison.Ordinal);
        Assert.Contains("data-value=\"92\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<form", page, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task List_FromAReport_OffersEveryOther()
    {
        var (_, page) = await GetAsync("/?from=20261127T060000Z");

        Assert.Contains("href=\"/diff/20261126T060000Z/20261127T060000Z\">with 20261127T060000Z", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_Verified_IsServedAsItIsStored()
    {
        var (status, page) = await GetAsync("/reports/20261127T060000Z");
        using var json = await http.GetAsync(new Uri("/reports/20261127T060000Z/report.json", UriKind.Relative), ChainWorld.Stop);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(System.Text.Encoding.UTF8.GetString(await world.ReadAsync(ChainWorld.Name(2).File("report.html"))), page);
        Assert.Equal("application/json", json.Content.Headers.ContentType!.MediaType);
        Assert.Equal(await world.ReadAsync(ChainWorld.Name(2).File("report.json")), await json.Content.ReadAsByteArrayAsync(ChainWorld.Stop));
    }

    [Theory]
    [InlineData("report.html")]
    [InlineData("findings.csv")]
    [InlineData("statement.dsse.json")]
    public async Task Report_Tampered_IsNotShown(string file)
    {
        world.Forge(ChainWorld.Name(2).File(file), "<p>forged</p>");

        var (status, page) = await GetAsync("/reports/20261127T060000Z");
        var (diff, _) = await GetAsync("/diff/20261126T060000Z/20261127T060000Z");
        var (_, list) = await GetAsync("/");

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Conflict), (status, diff));
        Assert.Contains("Not shown", page, StringComparison.Ordinal);
        Assert.Contains(file, page, StringComparison.Ordinal);
        Assert.DoesNotContain("forged", page, StringComparison.Ordinal);
        Assert.Contains("The chain is broken", list, StringComparison.Ordinal);
        Assert.Contains("does not verify", list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_NotSigned_IsNotShown()
    {
        world.Remove(ChainWorld.Name(2).Statement);

        var (status, page) = await GetAsync("/reports/20261127T060000Z");

        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains("stopped before it signed", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diff_TwoReports_EscapesWhatComesFromOutside()
    {
        var (status, page) = await GetAsync("/diff/20261126T060000Z/20261127T060000Z");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("5 new findings", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img src=x", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/reports/20270101T000000Z")]
    [InlineData("/reports/20261127T060000Z/statement.dsse.json")]
    [InlineData("/reports/20261127T060000Z/..%2f..%2fsecret")]
    [InlineData("/reports/..%2f..%2fetc")]
    [InlineData("/diff/20261127T060000Z/20261126T060000Z")]
    [InlineData("/diff/20261126T060000Z/20270101T000000Z")]
    [InlineData("/favicon.ico")]
    public async Task Get_NoSuchPage_NotFound(string path) => Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(path)).Status);

    [Theory]
    [InlineData("POST")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    public async Task Send_OtherMethod_IsRefused(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/");
        using var response = await http.SendAsync(request, ChainWorld.Stop);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["GET", "HEAD"], response.Content.Headers.Allow);
    }

    [Fact]
    public async Task Get_OtherHost_IsRefused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = "evil.example" } };
        using var response = await http.SendAsync(request, ChainWorld.Stop);

        Assert.Equal(HttpStatusCode.MisdirectedRequest, response.StatusCode);
        Assert.DoesNotContain("/reports/", await response.Content.ReadAsStringAsync(ChainWorld.Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_AnyPage_ForbidsScriptsAndFrames()
    {
        using var response = await http.GetAsync(new Uri("/", UriKind.Relative), ChainWorld.Stop);
        using var head = await http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/"), ChainWorld.Stop);

        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
        Assert.Equal(IPAddress.Loopback.ToString(), site.Address.Host);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal("", await head.Content.ReadAsStringAsync(ChainWorld.Stop));
    }

    [Fact]
    public async Task Get_ReportsCannotBeRead_SaysSo()
    {
        await using var broken = await ReportSite.StartAsync(new BrokenArchive(), world, "production", 0, TimeProvider.System, ChainWorld.Stop);
        using var client = new HttpClient { BaseAddress = broken.Address };

        using var response = await client.GetAsync(new Uri("/", UriKind.Relative), ChainWorld.Stop);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Contains("the disk is gone", await response.Content.ReadAsStringAsync(ChainWorld.Stop), StringComparison.Ordinal);
    }

    private async Task<(HttpStatusCode Status, string Page)> GetAsync(string path)
    {
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative), ChainWorld.Stop);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(ChainWorld.Stop));
    }

    private sealed class BrokenArchive : IReportArchive
    {
        public string Place => "nowhere";

        public Task<bool> CreateAsync(string name, ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellationToken) => throw new IOException("the disk is gone");

        public Task<byte[]?> FindAsync(string name, CancellationToken cancellationToken) => throw new IOException("the disk is gone");

        public Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken) => throw new IOException("the disk is gone");
    }
}
