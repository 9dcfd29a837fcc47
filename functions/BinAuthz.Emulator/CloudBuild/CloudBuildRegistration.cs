using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.Emulator.CloudBuild;

/// <summary>The traces of Cloud Build.</summary>
internal static class CloudBuildRegistration
{
    public static void AddCloudBuild(this IServiceCollection services) => services.AddSingleton<CloudBuilder>();

    public static void MapCloudBuild(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/emulator/v1/builds", (BuildRequest request, CloudBuilder builder) => builder.Build(request));
}
