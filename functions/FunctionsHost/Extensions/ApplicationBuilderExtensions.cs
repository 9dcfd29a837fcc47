using Google.Cloud.Functions.Hosting;
using Microsoft.AspNetCore.Builder;

namespace Microsoft.AspNetCore.Hosting;

/// <summary>Puts a function into an application's pipeline.</summary>
public static class ApplicationBuilderExtensions
{
    /// <summary>Sends every request, after the startups' middleware, to the registered function.</summary>
    /// <param name="app">The application.</param>
    /// <param name="context">The host being built.</param>
    /// <returns>The application.</returns>
    public static IApplicationBuilder UseFunctionsFramework(this IApplicationBuilder app, WebHostBuilderContext context)
    {
        FunctionPipeline.Configure(context, app);
        return app;
    }
}
