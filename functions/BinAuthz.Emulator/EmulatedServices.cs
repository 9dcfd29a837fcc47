using BinAuthz.Emulator.ArtifactRegistry;
using BinAuthz.Emulator.AssetInventory;
using BinAuthz.Emulator.BinaryAuthorization;
using BinAuthz.Emulator.CloudBuild;
using BinAuthz.Emulator.Cluster;
using BinAuthz.Emulator.ContainerAnalysis;
using BinAuthz.Emulator.Gke;
using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.Iam;
using BinAuthz.Emulator.Kms;
using BinAuthz.Emulator.Logging;
using BinAuthz.Emulator.PubSub;
using BinAuthz.Emulator.SecretManager;
using BinAuthz.Emulator.Storage;
using BinAuthz.Emulator.VulnerabilityScanning;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.Emulator;

/// <summary>Every service of the emulator, on one screen.</summary>
internal static class EmulatedServices
{
    public static void Add(IServiceCollection services)
    {
        services.AddIam();
        services.AddContainerAnalysis();
        services.AddKms();
        services.AddBinaryAuthorization();
        services.AddArtifactRegistry();
        services.AddCloudBuild();
        services.AddVulnerabilityScanning();
        services.AddPubSub();
        services.AddCloudLogging();
        services.AddStorage();
        services.AddSecretManager();
        services.AddClusters();
        services.AddAssetInventory();
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapAdmin();
        routes.MapIam();
        routes.MapContainerAnalysis();
        routes.MapKms();
        routes.MapBinaryAuthorization();
        routes.MapArtifactRegistry();
        routes.MapCloudBuild();
        routes.MapVulnerabilityScanning();
        routes.MapPubSub();
        routes.MapCloudLogging();
        routes.MapStorage();
        routes.MapSecretManager();
        routes.MapClusterDescriptions();
        routes.MapClusters();
        routes.MapAssetInventory();
    }
}
