using System.Diagnostics;
using Google.Cloud.Functions.Framework;
using Google.Cloud.Functions.Logging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Google.Cloud.Functions.Hosting;

/// <summary>The way of a request: the startups' middleware, two paths that browsers ask for, the function.</summary>
internal static partial class FunctionPipeline
{
    public static void Configure(WebHostBuilderContext context, IApplicationBuilder app)
    {
        foreach (var startup in app.ApplicationServices.GetServices<FunctionsStartup>())
        {
            startup.Configure(context, app);
        }

        app.Map("/robots.txt", NotFound);
        app.Map("/favicon.ico", NotFound);
        app.Run(ServeAsync);

        var function = app.ApplicationServices.GetRequiredService<FunctionType>();
        LogServing(app.ApplicationServices.GetRequiredService<ILogger<FunctionType>>(), function.Type.FullName);
    }

    private static void NotFound(IApplicationBuilder app) => app.Run(context =>
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    });

    private static Task ServeAsync(HttpContext context)
    {
        string? execution = context.Request.Headers["Function-Execution-Id"];
        TraceLabels.Set(Activity.Current, TraceLabels.ExecutionId, execution);
        return context.RequestServices.GetRequiredService<IHttpFunction>().HandleAsync(context);
    }

    [LoggerMessage(3, LogLevel.Information, "Serving function {Function}")]
    private static partial void LogServing(ILogger logger, string? function);
}
