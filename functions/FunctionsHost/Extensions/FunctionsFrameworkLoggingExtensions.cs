using Google.Cloud.Functions.Hosting;
using Google.Cloud.Functions.Logging;
using Microsoft.AspNetCore.Hosting;

namespace Microsoft.Extensions.Logging;

/// <summary>Adds the framework's logging.</summary>
public static class FunctionsFrameworkLoggingExtensions
{
    /// <summary>Logs to standard output: Cloud Logging's structured JSON on Cloud Run, plain text elsewhere.</summary>
    /// <param name="builder">The logging to add to.</param>
    /// <param name="context">The host being built.</param>
    /// <returns>The logging.</returns>
    public static ILoggingBuilder AddFunctionsConsoleLogging(this ILoggingBuilder builder, WebHostBuilderContext context)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(context);
        LogWriter writer = HostSettings.From(context.Configuration).JsonLogging
            ? new JsonLogWriter(System.Console.OpenStandardOutput(), Environment.GetEnvironmentVariable("GOOGLE_CLOUD_PROJECT"))
            : new TextLogWriter(System.Console.Out, TimeProvider.System);
        return builder.AddProvider(new FunctionLoggerProvider(writer));
    }
}
