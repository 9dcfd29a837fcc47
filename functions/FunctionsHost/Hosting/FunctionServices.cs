using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;
using Google.Cloud.Functions.Framework;
using Google.Cloud.Functions.Logging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Google.Cloud.Functions.Hosting;

/// <summary>Registers a function class and what it takes to serve it.</summary>
internal static class FunctionServices
{
    public const DynamicallyAccessedMemberTypes FunctionMembers =
        DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.Interfaces;

    // Cloud Run kills an instance ten seconds after SIGTERM.
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(10);

    public static void Add(IServiceCollection services, [DynamicallyAccessedMembers(FunctionMembers)] Type functionType)
    {
        services.AddSingleton(new FunctionType(functionType));
        services.AddSingleton<DistributedContextPropagator>(new CloudTracePropagator(DistributedContextPropagator.Current));
        services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownTimeout);

        if (typeof(IHttpFunction).IsAssignableFrom(functionType))
        {
            services.AddScoped(typeof(IHttpFunction), functionType);
        }
        else if (typeof(ICloudEventFunction).IsAssignableFrom(functionType))
        {
            services.AddScoped<IHttpFunction, CloudEventAdapter>();
            services.AddScoped(typeof(ICloudEventFunction), functionType);
            services.AddSingleton<CloudEventFormatter>(new JsonEventFormatter());
        }
        else if (FunctionTypes.DataTypeOf(functionType) is { } dataType)
        {
            AddTyped(services, functionType, dataType);
        }
        else
        {
            throw new HostConfigurationException(
                $"Class {functionType.FullName} is no function: it must implement IHttpFunction, ICloudEventFunction or ICloudEventFunction<T>. Name another target.");
        }
    }

    // Both generic types take reference types only, so that one compiled body serves every data type under Native AOT too.
    private static void AddTyped(
        IServiceCollection services, [DynamicallyAccessedMembers(FunctionMembers)] Type functionType, Type dataType)
    {
        services.AddScoped(typeof(IHttpFunction), typeof(CloudEventAdapter<>).MakeGenericType(dataType));
        services.AddScoped(typeof(ICloudEventFunction<>).MakeGenericType(dataType), functionType);

        // A startup may register another formatter later; the last one counts.
        services.AddSingleton(
            CloudEventFormatterAttribute.CreateFormatter(dataType)
            ?? new MissingFormatter(dataType));
    }
}
