using BinAuthz.Emulator.Iam.Enforcement;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.Emulator.Iam;

/// <summary>What every project has: policies, locations, operations, credentials, enabled services.</summary>
internal static class IamRegistration
{
    public static void AddIam(this IServiceCollection services) => services
        .AddSingleton<IamPolicies>().AddSingleton<ServiceAccountStore>().AddSingleton<RoleStore>().AddSingleton<ResourceHierarchy>().AddSingleton<Authorizer>().AddSingleton(provider => new EmulatorAccess(provider.GetRequiredService<IamPolicies>(), provider.GetRequiredService<RoleStore>(), provider.GetRequiredService<Authorizer>())).AddSingleton<OperationStore>()
        .AddSingleton<IamPolicyService>().AddSingleton<ResourceIamService>().AddSingleton<ProjectService>().AddSingleton<LocationService>()
        .AddSingleton<OperationService>().AddSingleton<CredentialsService>().AddSingleton<RoleService>().AddSingleton<ServiceUsageService>();

    public static void MapIam(this IEndpointRouteBuilder routes)
    {
        routes.MapGrpcService<IamPolicyService>();
        routes.MapGrpcService<ResourceIamService>();
        routes.MapGrpcService<ProjectService>();
        routes.MapGrpcService<LocationService>();
        routes.MapGrpcService<OperationService>();
        routes.MapGrpcService<CredentialsService>();
        routes.MapGrpcService<RoleService>();
        routes.MapGrpcService<ServiceUsageService>();
    }
}
