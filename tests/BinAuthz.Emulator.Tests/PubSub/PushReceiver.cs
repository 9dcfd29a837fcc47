using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BinAuthz.Emulator.Tests.PubSub;

/// <summary>A web server that keeps the pushes it gets and answers as it is told.</summary>
public sealed class PushReceiver : IAsyncDisposable
{
    private readonly Channel<Push> pushes = Channel.CreateUnbounded<Push>();
    private readonly WebApplication app;

    private PushReceiver(Func<Push, Task<int>> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.MapPost("/{**path}", async (HttpContext context) =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var push = new Push(context.Request.Path, context.Request.Headers.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.OrdinalIgnoreCase), await reader.ReadToEndAsync(context.RequestAborted));
            await pushes.Writer.WriteAsync(push);
            return Results.StatusCode(await answer(push));
        });
    }

    public Uri Endpoint => new(app.Urls.First());

    public static Task<PushReceiver> StartAsync(params int[] answers)
    {
        var queue = new System.Collections.Concurrent.ConcurrentQueue<int>(answers);
        return StartAsync(_ => Task.FromResult(queue.TryDequeue(out var answer) ? answer : 200));
    }

    public static async Task<PushReceiver> StartAsync(Func<Push, Task<int>> answer)
    {
        var receiver = new PushReceiver(answer);
        await receiver.app.StartAsync(TestEmulator.Stop);
        return receiver;
    }

    /// <summary>The next push, however long it takes.</summary>
    public async Task<Push> NextAsync() => await pushes.Reader.ReadAsync(TestEmulator.Stop);

    public int Waiting => pushes.Reader.Count;

    public ValueTask DisposeAsync() => app.DisposeAsync();

    /// <summary>One push.</summary>
    public sealed record Push(string Path, IReadOnlyDictionary<string, string> Headers, string Body);
}
