using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.Emulator.SecretManager;

/// <summary>Secret Manager: global secrets and their versions.</summary>
internal static class SecretManagerRegistration
{
    public static void AddSecretManager(this IServiceCollection services) => services.AddSingleton<SecretStore>().AddSingleton<SecretManagerService>();

    public static void MapSecretManager(this IEndpointRouteBuilder routes) => routes.MapGrpcService<SecretManagerService>();
}
