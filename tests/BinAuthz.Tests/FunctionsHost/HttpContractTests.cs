using System.Net;
using System.Text;
using Google.Cloud.Functions.Framework;
using Google.Cloud.Functions.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BinAuthz.Tests.FunctionsHost;

/// <summary>What the host answers to HTTP requests, whatever the function.</summary>
public sealed class HttpContractTests
{
    [Theory]
    [InlineData("GET", "/robots.txt")]
    [InlineData("POST", "/robots.txt")]
    [InlineData("GET", "/favicon.ico")]
    [InlineData("GET", "/favicon.ico/large")]
    public async Task Request_PathThatBrowsersAskFor_404(string method, string path)
    {
        await using var host = await FunctionHost.StartAsync<EchoRequestFunction>();

        using var response = await host.SendAsync(new HttpMethod(method), path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(0, response.Content.Headers.ContentLength);
    }

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("POST", "/")]
    [InlineData("PUT", "/a/b?c=d")]
    [InlineData("DELETE", "/_ah/health")]
    [InlineData("PATCH", "/robots.txt.old")]
    public async Task Request_AnyOtherPathAndMethod_ReachesTheFunction(string method, string path)
    {
        await using var host = await FunctionHost.StartAsync<EchoRequestFunction>();

        using var response = await host.SendAsync(new HttpMethod(method), path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal($"{method} {path}", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task EventFunction_Handled_200WithoutBody()
    {
        await using var host = await FunctionHost.StartAsync<RecordingFunction>();

        using var response = await host.SendAsync(
            HttpMethod.Post, "/", "{}"u8.ToArray(), "application/json", BinaryModeTests.Headers());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(0, response.Content.Headers.ContentLength);
        Assert.Equal("Kestrel", response.Headers.Server.ToString());
    }

    [Fact]
    public async Task Function_Throws_500AndTheErrorIsLogged()
    {
        await using var host = await FunctionHost.StartAsync<ThrowingFunction>();

        using var response = await host.SendAsync(HttpMethod.Get, "/");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal(0, response.Content.Headers.ContentLength);
        var error = Assert.Single(host.Log.Entries, entry => entry.Level == LogLevel.Error);
        Assert.Equal("Microsoft.AspNetCore.Server.Kestrel", error.Category);
        Assert.Equal("on purpose", error.Exception?.Message);
    }

    [Fact]
    public async Task EventFunction_GetWithoutEvent_400AndTheReasonIsLogged()
    {
        await using var host = await FunctionHost.StartAsync<RecordingFunction>();

        using var response = await host.SendAsync(HttpMethod.Get, "/");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(host.Events.Calls);
        Assert.Single(host.Log.Entries, entry => entry.Level == LogLevel.Error);
    }

    [Fact]
    public async Task EventFunction_BodyOverThirtyMillionBytes_400()
    {
        await using var host = await FunctionHost.StartAsync<RecordingFunction>();

        using var response = await host.SendAsync(
            HttpMethod.Post, "/", new byte[30_000_001], "application/octet-stream", BinaryModeTests.Headers());

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(host.Events.Calls);
    }

    [Fact]
    public async Task Function_TwoRequests_EachHasItsOwnInstance()
    {
        await using var host = await FunctionHost.StartAsync<InstanceFunction>();

        string first = await host.Client.GetStringAsync("/", TestContext.Current.CancellationToken);
        string second = await host.Client.GetStringAsync("/", TestContext.Current.CancellationToken);

        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task Requests_TenAtOnce_RunTogether()
    {
        // The conformance suite's concurrency case, with a barrier in place of a stopwatch.
        await using var host = await FunctionHost.StartAsync<BarrierFunction>(new BarrierStartup());

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => host.SendAsync(HttpMethod.Get, "/")));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
    }

    [Fact]
    public async Task Startup_Middleware_RunsBeforeTheFunction()
    {
        await using var host = await FunctionHost.StartAsync<EchoRequestFunction>(new HeaderStartup());

        using var response = await host.SendAsync(HttpMethod.Get, "/robots.txt");

        Assert.Equal("seen", Assert.Single(response.Headers.GetValues("X-Startup")));
    }

    [Fact]
    public void GetStartupTypes_AssemblyAndClass_InOrderThenByName()
    {
        var types = FunctionsStartupAttribute.GetStartupTypes(typeof(HttpContractTests).Assembly, typeof(EchoRequestFunction));

        Assert.Equal([typeof(HeaderStartup), typeof(BarrierStartup)], types);
    }

    [FunctionsStartup(typeof(BarrierStartup), Order = 2)]
    [FunctionsStartup(typeof(HeaderStartup), Order = 1)]
    private sealed class EchoRequestFunction : IHttpFunction
    {
        public Task HandleAsync(HttpContext context) =>
            context.Response.Body.WriteAsync(
                Encoding.UTF8.GetBytes($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}"), context.RequestAborted).AsTask();
    }

    private sealed class ThrowingFunction : IHttpFunction
    {
        public Task HandleAsync(HttpContext context) => throw new InvalidOperationException("on purpose");
    }

    private sealed class InstanceFunction : IHttpFunction
    {
        private readonly Guid _id = Guid.NewGuid();

        public Task HandleAsync(HttpContext context) => context.Response.WriteAsync(_id.ToString(), context.RequestAborted);
    }

    private sealed class BarrierFunction(TaskCompletionSource everybodyIsHere, Counter counter) : IHttpFunction
    {
        public Task HandleAsync(HttpContext context)
        {
            if (counter.Next() == 10)
            {
                everybodyIsHere.SetResult();
            }

            return everybodyIsHere.Task.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, context.RequestAborted);
        }
    }

    private sealed class Counter
    {
        private int _value;

        public int Next() => Interlocked.Increment(ref _value);
    }

    private sealed class BarrierStartup : FunctionsStartup
    {
        public override void ConfigureServices(WebHostBuilderContext context, IServiceCollection services) =>
            services.AddSingleton<TaskCompletionSource>().AddSingleton<Counter>();
    }

    private sealed class HeaderStartup : FunctionsStartup
    {
        public override void Configure(WebHostBuilderContext context, IApplicationBuilder app) =>
            app.Use((http, next) =>
            {
                http.Response.Headers["X-Startup"] = "seen";
                return next(http);
            });
    }
}
