using Google.Cloud.Functions.Framework;
using Microsoft.AspNetCore.Http;

namespace SampleFunctions;

/// <summary>Says on standard output that it has begun, and answers a second later.</summary>
public sealed class SlowFunction : IHttpFunction
{
    public async Task HandleAsync(HttpContext context)
    {
        await Console.Out.WriteLineAsync("begun");
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, context.RequestAborted);
        await context.Response.WriteAsync("finished", context.RequestAborted);
    }
}
