using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.Emulator.AssetInventory;

/// <summary>Cloud Asset Inventory: which pods there are.</summary>
internal static class AssetInventoryRegistration
{
    public static void AddAssetInventory(this IServiceCollection services) => services.AddSingleton<PodAssets>().AddSingleton<AssetCall>();

    public static void MapAssetInventory(this IEndpointRouteBuilder routes) => routes.MapAssets();
}
