using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Google.Cloud.Functions.Hosting;

/// <summary>Starts a host for a function that is found by its name in an assembly.</summary>
public static class EntryPoint
{
    /// <summary>The environment variable that names the function.</summary>
    public const string FunctionTargetEnvironmentVariable = "FUNCTION_TARGET";

    /// <summary>The environment variable that holds the port.</summary>
    public const string PortEnvironmentVariable = "PORT";

    private const int ConfigurationError = 2;

    /// <summary>Serves the function until the process is told to end.</summary>
    /// <param name="functionAssembly">The assembly with the function.</param>
    /// <param name="args">The command line: --target, --port, or a target alone.</param>
    /// <returns>The exit code: 0, or 2 if the configuration is wrong.</returns>
    [RequiresUnreferencedCode("Searches the assembly for function and startups; trimmed applications register them with AddFunctionTarget<TFunction>() and UseFunctionsStartup.")]
    public static async Task<int> StartAsync(Assembly functionAssembly, string[] args)
    {
        try
        {
            await using var app = Build(functionAssembly, args);
            await app.RunAsync();
            return 0;
        }
        // An IOException at this point is Kestrel's: the port is taken, or not allowed.
        catch (Exception e) when (e is HostConfigurationException or IOException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ConfigurationError;
        }
    }

    [RequiresUnreferencedCode("Searches the assembly for function and startups.")]
    private static WebApplication Build(Assembly functionAssembly, string[] args)
    {
        // Addresses for any ASP.NET Core server, which images set by default; the contract's PORT counts here.
        Environment.SetEnvironmentVariable("ASPNETCORE_URLS", null);
        Environment.SetEnvironmentVariable("ASPNETCORE_HTTP_PORTS", null);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddFunctionsEnvironment().AddFunctionsCommandLine(args);
        var function = FunctionTypes.Find(functionAssembly, HostSettings.From(builder.Configuration).FunctionTarget);

        WebHostBuilderContext? context = null;
        builder.WebHost
            .ConfigureKestrelForFunctionsFramework()
            .ConfigureServices((host, services) =>
            {
                context = host;
                services.AddLogging(logging => logging.ClearProviders().AddFunctionsConsoleLogging(host));
                services.AddFunctionTarget(function);
            })
            .UseFunctionsStartups(functionAssembly, function);

        var app = builder.Build();
        app.UseFunctionsFramework(context!);
        return app;
    }
}
