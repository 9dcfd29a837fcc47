using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Google.Cloud.Functions.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Hosting;

/// <summary>Configures a web host for functions.</summary>
public static class FunctionsFrameworkWebHostBuilderExtensions
{
    /// <summary>Listens where the contract says: PORT, on this machine only unless in a container.</summary>
    /// <param name="builder">The web host.</param>
    /// <returns>The web host.</returns>
    public static IWebHostBuilder ConfigureKestrelForFunctionsFramework(this IWebHostBuilder builder) =>
        builder.ConfigureServices((context, services) =>
        {
            // Read here, not when Kestrel starts: a wrong setting is reported before anything else is built.
            var settings = HostSettings.From(context.Configuration);
            services.Configure<KestrelServerOptions>(kestrel => kestrel.Listen(settings.Address, settings.Port));
        });

    /// <summary>Adds the startups that an assembly and a function class name with attributes.</summary>
    /// <param name="webHostBuilder">The web host.</param>
    /// <param name="assembly">The assembly.</param>
    /// <param name="functionType">The function class, if known.</param>
    /// <returns>The web host.</returns>
    [RequiresUnreferencedCode("Creates the startups by reflection; trimmed applications call UseFunctionsStartup instead.")]
    public static IWebHostBuilder UseFunctionsStartups(this IWebHostBuilder webHostBuilder, Assembly assembly, Type? functionType)
    {
        foreach (var startupType in FunctionsStartupAttribute.GetStartupTypes(assembly, functionType))
        {
            webHostBuilder.UseFunctionsStartup((FunctionsStartup)Activator.CreateInstance(startupType)!);
        }

        return webHostBuilder;
    }

    /// <summary>Adds one startup.</summary>
    /// <param name="webHostBuilder">The web host.</param>
    /// <param name="startup">The startup.</param>
    /// <returns>The web host.</returns>
    public static IWebHostBuilder UseFunctionsStartup(this IWebHostBuilder webHostBuilder, FunctionsStartup startup)
    {
        ArgumentNullException.ThrowIfNull(webHostBuilder);
        ArgumentNullException.ThrowIfNull(startup);
        return webHostBuilder
            .ConfigureAppConfiguration(startup.ConfigureAppConfiguration)
            .ConfigureLogging(startup.ConfigureLogging)
            .ConfigureServices(startup.ConfigureServices)
            .ConfigureServices(services => services.AddSingleton(startup));
    }
}
