using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Google.Cloud.Functions.Hosting;

/// <summary>What a function adds to its host: configuration, logging, services and middleware.</summary>
public abstract class FunctionsStartup
{
    /// <summary>Adds services that the function's constructor takes.</summary>
    /// <param name="context">The host being built.</param>
    /// <param name="services">The services to add to.</param>
    public virtual void ConfigureServices(WebHostBuilderContext context, IServiceCollection services)
    {
    }

    /// <summary>Adds middleware that runs before the function.</summary>
    /// <param name="context">The host being built.</param>
    /// <param name="app">The application to add to.</param>
    public virtual void Configure(WebHostBuilderContext context, IApplicationBuilder app)
    {
    }

    /// <summary>Adds sources of configuration.</summary>
    /// <param name="context">The host being built.</param>
    /// <param name="configuration">The configuration to add to.</param>
    public virtual void ConfigureAppConfiguration(WebHostBuilderContext context, IConfigurationBuilder configuration)
    {
    }

    /// <summary>Adds logging providers and filters.</summary>
    /// <param name="context">The host being built.</param>
    /// <param name="logging">The logging to add to.</param>
    public virtual void ConfigureLogging(WebHostBuilderContext context, ILoggingBuilder logging)
    {
    }
}
