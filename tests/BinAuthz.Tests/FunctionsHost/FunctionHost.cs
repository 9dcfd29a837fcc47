using System.Net;
using System.Text;
using Google.Cloud.Functions.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BinAuthz.Tests.FunctionsHost;

/// <summary>A host of one function on a free port, put together from the framework's public surface.</summary>
internal sealed class FunctionHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FunctionHost(WebApplication app)
    {
        _app = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        Client.DefaultRequestHeaders.ExpectContinue = true;
    }

    public HttpClient Client { get; }

    public EventRecorder Events => _app.Services.GetRequiredService<EventRecorder>();

    public LogRecorder Log => _app.Services.GetRequiredService<LogRecorder>();

    public static async Task<FunctionHost> StartAsync<TFunction>(params FunctionsStartup[] startups)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection([new("FunctionsFramework:Port", "0")]);
        var log = new LogRecorder();
        WebHostBuilderContext? context = null;
        var webHost = builder.WebHost
            .ConfigureKestrelForFunctionsFramework()
            .ConfigureServices((host, services) =>
            {
                context = host;
                services.AddSingleton(log).AddSingleton<EventRecorder>().AddFunctionTarget<TFunction>();
                services.AddLogging(logging => logging.ClearProviders().AddProvider(log));
            });
        foreach (var startup in startups)
        {
            webHost.UseFunctionsStartup(startup);
        }

        var app = builder.Build();
        app.UseFunctionsFramework(context!);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new FunctionHost(app);
    }

    public async Task<HttpStatusCode> PostAsync(string body, string? contentType, string path = "/", params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync(HttpMethod.Post, path, Encoding.UTF8.GetBytes(body), contentType, headers);
        return response.StatusCode;
    }

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, byte[]? body = null, string? contentType = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            if (contentType is not null)
            {
                request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
            }
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
