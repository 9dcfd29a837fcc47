using BinAuthz.Emulator.ArtifactRegistry.Distribution;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.Emulator.ArtifactRegistry;

/// <summary>Docker repositories: the API, the registry itself, and the notifications of another registry.</summary>
internal static class ArtifactRegistryRegistration
{
    private const string DefaultRegistry = "us-central1-docker.pkg.dev";

    public static void AddArtifactRegistry(this IServiceCollection services) => services
        .AddSingleton<BlobStore>().AddSingleton<ImageNotifications>().AddSingleton<PushAuditLog>().AddSingleton<RepositoryStore>().AddSingleton<ImageStore>().AddSingleton<DockerImages>()
        .AddSingleton<ManifestRequests>().AddSingleton<BlobRequests>().AddSingleton<UploadRequests>()
        .AddSingleton<ArtifactRegistryService>().AddSingleton<RegistryEvents>();

    public static void MapArtifactRegistry(this IEndpointRouteBuilder routes)
    {
        routes.MapGrpcService<ArtifactRegistryService>();
        routes.MapDistribution();
        routes.MapPost("/emulator/v1/registry-events", (string? registry, HttpRequest request, RegistryEvents events, CancellationToken cancellationToken) =>
            events.ReceiveAsync(registry ?? DefaultRegistry, request, cancellationToken));
    }
}
