using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BinAuthz.Tests.Alerting.Channels;

/// <summary>A service on this machine that answers as a test wants.</summary>
internal sealed class LocalService : IAsyncDisposable
{
    private readonly WebApplication app;

    private LocalService(WebApplication app, string scheme)
    {
        this.app = app;
        Address = new Uri($"{scheme}://127.0.0.1:{new Uri(app.Urls.Single()).Port}/services/T0000/B0000/secret-token");
    }

    /// <summary>An address as incoming webhooks have it, with a secret in its path.</summary>
    public Uri Address { get; }

    /// <summary>What was received so far.</summary>
    public ConcurrentQueue<(string Path, IHeaderDictionary Headers, string Body)> Requests { get; } = new();

    /// <param name="answer">Given how many requests came before.</param>
    /// <param name="encrypted">With a certificate that nobody trusts.</param>
    public static async Task<LocalService> StartAsync(Func<HttpContext, int, Task> answer, bool encrypted = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, "").UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (encrypted)
            {
                listen.UseHttps(SelfSigned());
            }
        }));
        var app = builder.Build();
        LocalService? service = null;
        app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync(context.RequestAborted);
            var before = service!.Requests.Count;
            service.Requests.Enqueue((context.Request.Path + context.Request.QueryString, new HeaderDictionary(context.Request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase)), body));
            await answer(context, before);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        service = new LocalService(app, encrypted ? "https" : "http");
        return service;
    }

    /// <summary>A service that answers with statuses in turn, the last one for ever.</summary>
    public static Task<LocalService> AnsweringAsync(params int[] statuses) => StartAsync((context, before) =>
    {
        context.Response.StatusCode = statuses[Math.Min(before, statuses.Length - 1)];
        return Task.CompletedTask;
    });

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
    }
}
