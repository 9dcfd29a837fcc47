using System.Diagnostics.CodeAnalysis;
using BinAuthz.Functions.Events;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BinAuthz.Functions;

/// <summary>Serves one function through the Functions Framework's public surface, without searching assemblies.</summary>
internal static class FunctionServer
{
    private const int ConfigurationError = 2;

    /// <summary>Serves the function that FUNCTION_TARGET or the command line names, until the process is told to end.</summary>
    /// <returns>The exit code: 0, or 2 with one line a problem on standard error if the configuration is wrong.</returns>
    // The attribute of the event data names its formatter, and reflection creates it.
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor, typeof(MessagePublishedFormatter))]
    public static async Task<int> RunAsync(string[] args, IReadOnlyList<FunctionTarget> targets)
    {
        WebApplication app;
        try
        {
            app = Build(args, targets);
        }
        catch (Exception e) when (e is InvalidOperationException or ConfigurationException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ConfigurationError;
        }

        await using (app)
        {
            try
            {
                await app.StartAsync();
            }
            // Kestrel's: the port is taken, or not allowed.
            catch (IOException e)
            {
                await Console.Error.WriteLineAsync($"{e.Message} Set PORT or --port to a free port.");
                return ConfigurationError;
            }

            await app.WaitForShutdownAsync();
            return 0;
        }
    }

    private static WebApplication Build(string[] args, IReadOnlyList<FunctionTarget> targets)
    {
        // Addresses for any ASP.NET Core server, which base images set; here PORT counts.
        Environment.SetEnvironmentVariable("ASPNETCORE_URLS", null);
        Environment.SetEnvironmentVariable("ASPNETCORE_HTTP_PORTS", null);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddFunctionsEnvironment().AddFunctionsCommandLine(args);
        var target = FunctionTarget.Find(targets, builder.Configuration["FunctionsFramework:FunctionTarget"]);

        WebHostBuilderContext? context = null;
        builder.WebHost
            .ConfigureKestrelForFunctionsFramework()
            .ConfigureServices((host, services) =>
            {
                context = host;
                services.AddLogging(logging => logging.ClearProviders().AddFunctionsConsoleLogging(host));
                target.Register(services);
            })
            .UseFunctionsStartup(target.Startup);

        var app = builder.Build();
        app.UseFunctionsFramework(context!);
        return app;
    }
}
