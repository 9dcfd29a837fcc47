using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BinAuthz.Emulator.Cluster;

/// <summary>GKE clusters: the Kubernetes API, its controllers, and admission by Binary Authorization.</summary>
internal static class ClusterRegistration
{
    public static void AddClusters(this IServiceCollection services) => services
        .AddSingleton<Clusters>().AddSingleton<Gke.ClusterDirectory>().AddSingleton<Gke.ClusterAccess>().AddSingleton<ImageJudge>().AddSingleton<PodAdmission>().AddSingleton<AuditTrail>().AddSingleton<ObjectWriter>()
        .AddSingleton<EventRecorder>().AddSingleton<PodMaker>().AddSingleton<PodControllers>().AddSingleton<DeploymentController>()
        .AddSingleton<Workloads>().AddSingleton<ObjectApi>();

    public static void MapClusters(this IEndpointRouteBuilder routes)
    {
        routes.MapClusterApi();
        // Signatures are verified against the emulator's own addresses, which are known when it has started.
        var services = routes.ServiceProvider;
        services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(() => services.GetRequiredService<Workloads>().Resume());
    }
}
