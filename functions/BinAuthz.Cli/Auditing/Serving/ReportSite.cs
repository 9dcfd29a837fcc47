using BinAuthz.Auditing.Archive;
using BinAuthz.Auditing.Reports;
using BinAuthz.Auditing.Reports.Html;
using BinAuthz.GoogleCloud;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BinAuthz.Cli.Auditing.Serving;

/// <summary>
/// The reports of an environment on a web page of this machine. Nothing is changed: it answers GET alone, on the loopback address alone,
/// and to browsers that were sent here by its own name, so that no other site can read along.
/// </summary>
internal sealed class ReportSite : IAsyncDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(20);

    private readonly WebApplication app;
    private readonly IReportArchive archive;
    private readonly string environment;
    private readonly ReportVerifier reports;
    private readonly ChainVerifier verifier;
    private readonly Remembered<ChainVerdict> chain;

    private ReportSite(WebApplication app, IReportArchive archive, IAuditKeys keys, string environment, TimeProvider time)
    {
        (this.app, this.archive, this.environment) = (app, archive, environment);
        reports = new ReportVerifier(archive, keys);
        verifier = new ChainVerifier(archive, keys);
        chain = new Remembered<ChainVerdict>(Fresh, time);
    }

    /// <summary>Where it is.</summary>
    public Uri Address => new(app.Urls.Single());

    /// <summary>Starts it.</summary>
    /// <param name="archive">Where the reports are.</param>
    /// <param name="keys">By which keys they are trusted.</param>
    /// <param name="environment">Whose.</param>
    /// <param name="port">0: any that is free.</param>
    /// <param name="time">How long what was verified counts.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <exception cref="IOException">The port is in use.</exception>
    public static async Task<ReportSite> StartAsync(IReportArchive archive, IAuditKeys keys, string environment, int port, TimeProvider time, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        // Standard output belongs to the command.
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, "").ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(System.Net.IPAddress.Loopback, port);
        });
        var site = new ReportSite(builder.Build(), archive, keys, environment, time);
        try
        {
            site.app.Run(site.AnswerAsync);
            await site.app.StartAsync(cancellationToken).ConfigureAwait(false);
            return site;
        }
        catch
        {
            await site.app.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stops it.</summary>
    public async ValueTask DisposeAsync()
    {
        await app.StopAsync().ConfigureAwait(false);
        await app.DisposeAsync().ConfigureAwait(false);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = $"{HtmlPage.ContentSecurityPolicy}; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        var answer = Refusal(context.Request) ?? await PageAsync(context.Request, context.RequestAborted).ConfigureAwait(false);
        if (answer.Status == StatusCodes.Status405MethodNotAllowed)
        {
            headers.Allow = "GET, HEAD";
        }

        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        context.Response.ContentLength = answer.Body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted).ConfigureAwait(false);
        }
    }

    // A page elsewhere whose name was made to lead here would be asked for by that name.
    private static SiteAnswer? Refusal(HttpRequest request) =>
        request.Host.Host is not ("127.0.0.1" or "localhost") ? SiteAnswer.Page(StatusCodes.Status421MisdirectedRequest, ReportPages.Problem("This is not the address of these reports", "Ask for 127.0.0.1 or localhost."))
        : !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) ? SiteAnswer.Page(StatusCodes.Status405MethodNotAllowed, ReportPages.Problem("Nothing can be changed here", "Ask with GET."))
        : null;

    private async Task<SiteAnswer> PageAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return (request.Path.Value ?? "").Split('/') switch
            {
                ["", ""] => SiteAnswer.Page(StatusCodes.Status200OK, ReportPages.List(environment, archive.Place, await ChainAsync(cancellationToken).ConfigureAwait(false), Name(request.Query["from"].ToString()))),
                ["", "reports", var id] when Name(id) is { } name => await FileAsync(name, "report.html", cancellationToken).ConfigureAwait(false),
                ["", "reports", var id, var file] when Name(id) is { } name => await FileAsync(name, file, cancellationToken).ConfigureAwait(false),
                ["", "diff", var before, var now] when Name(before) is { } earlier && Name(now) is { } later => await DiffAsync(earlier, later, cancellationToken).ConfigureAwait(false),
                _ => NotFound("There is no such page."),
            };
        }
        catch (Exception error) when (error is GoogleCallException or IOException or UnauthorizedAccessException)
        {
            return SiteAnswer.Page(StatusCodes.Status502BadGateway, ReportPages.Problem("The reports cannot be read", error.Message));
        }
    }

    private Task<ChainVerdict> ChainAsync(CancellationToken cancellationToken) => chain.GetAsync(_ => verifier.VerifyAsync(environment, null, CancellationToken.None), cancellationToken);

    private ReportName? Name(string id) => ReportName.TryParse(environment, id, out var name) ? name : null;

    private async Task<SiteAnswer> FileAsync(ReportName name, string file, CancellationToken cancellationToken)
    {
        var found = await reports.VerifyAsync(name, cancellationToken).ConfigureAwait(false);
        if (found is null || ReportFiles.All.FirstOrDefault(each => each.Name == file) is not { } format)
        {
            return NotFound($"There is no {file} of {name.Id}.");
        }

        // A page that somebody altered is not shown, not even in part.
        return found.Report is not null && found.Faults.Count == 0 && found.Files.TryGetValue(file, out var content)
            ? new SiteAnswer(StatusCodes.Status200OK, format.ContentType, content)
            : SiteAnswer.Page(StatusCodes.Status409Conflict, ReportPages.Unproven(found));
    }

    private async Task<SiteAnswer> DiffAsync(ReportName before, ReportName now, CancellationToken cancellationToken)
    {
        var earlier = await reports.VerifyAsync(before, cancellationToken).ConfigureAwait(false);
        var later = await reports.VerifyAsync(now, cancellationToken).ConfigureAwait(false);
        if (earlier is null || later is null || before.Time >= now.Time)
        {
            return NotFound("There are no two such reports, the earlier one first.");
        }

        return Array.Find([earlier, later], report => report.Report is null || report.Faults.Count > 0) is { } unproven
            ? SiteAnswer.Page(StatusCodes.Status409Conflict, ReportPages.Unproven(unproven))
            : SiteAnswer.Page(StatusCodes.Status200OK, ReportPages.Diff(earlier.Report!, later.Report!));
    }

    private static SiteAnswer NotFound(string detail) => SiteAnswer.Page(StatusCodes.Status404NotFound, ReportPages.Problem("Not found", detail));
}
