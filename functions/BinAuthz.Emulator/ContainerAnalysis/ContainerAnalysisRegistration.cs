using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.Emulator.ContainerAnalysis;

/// <summary>Notes, occurrences, and what hangs on them.</summary>
internal static class ContainerAnalysisRegistration
{
    public static void AddContainerAnalysis(this IServiceCollection services) => services
        .AddSingleton<AnalysisNotifications>().AddSingleton<NoteStore>().AddSingleton<OccurrenceStore>()
        .AddSingleton<GrafeasService>().AddSingleton<ContainerAnalysisService>();

    public static void MapContainerAnalysis(this IEndpointRouteBuilder routes)
    {
        routes.MapGrpcService<GrafeasService>();
        routes.MapGrpcService<ContainerAnalysisService>();
    }
}
