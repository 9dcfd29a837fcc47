using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Google.Cloud.Functions.Hosting;
using Microsoft.AspNetCore.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the function that a host serves.</summary>
public static class FunctionsFrameworkServiceCollectionExtensions
{
    /// <summary>Registers the function that the configuration names.</summary>
    /// <param name="services">The services to add to.</param>
    /// <param name="context">The host being built.</param>
    /// <param name="assembly">The assembly with the function.</param>
    /// <returns>The services.</returns>
    [RequiresUnreferencedCode("Searches the assembly's types; trimmed applications call AddFunctionTarget<TFunction>() instead.")]
    public static IServiceCollection AddFunctionTarget(this IServiceCollection services, WebHostBuilderContext context, Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(context);
        return services.AddFunctionTarget(FunctionTypes.Find(assembly, HostSettings.From(context.Configuration).FunctionTarget));
    }

    /// <summary>Registers one function class.</summary>
    /// <typeparam name="TFunction">The function class.</typeparam>
    /// <param name="services">The services to add to.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddFunctionTarget<[DynamicallyAccessedMembers(FunctionServices.FunctionMembers)] TFunction>(
        this IServiceCollection services) => services.AddFunctionTarget(typeof(TFunction));

    /// <summary>Registers one function class.</summary>
    /// <param name="services">The services to add to.</param>
    /// <param name="type">The function class.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddFunctionTarget(
        this IServiceCollection services, [DynamicallyAccessedMembers(FunctionServices.FunctionMembers)] Type type)
    {
        FunctionServices.Add(services, type);
        return services;
    }
}
