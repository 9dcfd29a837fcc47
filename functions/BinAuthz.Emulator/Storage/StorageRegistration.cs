using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.Emulator.Storage;

/// <summary>Cloud Storage's JSON API: buckets, objects, uploads and downloads.</summary>
internal static class StorageRegistration
{
    public static void AddStorage(this IServiceCollection services) => services
        .AddSingleton<ContentStore>().AddSingleton<BucketStore>().AddSingleton<ObjectStore>().AddSingleton<UploadSessions>().AddSingleton<StorageAccess>().AddSingleton<StorageCall>();

    public static void MapStorage(this IEndpointRouteBuilder routes)
    {
        routes.MapBuckets();
        routes.MapObjects();
        routes.MapUploads();
    }
}
