using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.Emulator.Logging;

/// <summary>Cloud Logging: entries, and the sinks that copy them to topics.</summary>
internal static class LoggingRegistration
{
    public static void AddCloudLogging(this IServiceCollection services) => services
        .AddSingleton<LogStore>().AddSingleton<LogSinks>().AddSingleton<LogWriter>().AddSingleton<AdminAudit>().AddSingleton<LoggingService>().AddSingleton<SinkService>();

    public static void MapCloudLogging(this IEndpointRouteBuilder routes)
    {
        routes.MapGrpcService<LoggingService>();
        routes.MapGrpcService<SinkService>();
    }
}
