using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.Emulator.Kms;

/// <summary>Cloud KMS.</summary>
internal static class KmsRegistration
{
    public static void AddKms(this IServiceCollection services) => services
        .AddSingleton<KeyStore>().AddSingleton<KeyChanges>().AddSingleton<SigningDesk>().AddSingleton<KeyAudit>().AddSingleton<KeyManagement>()
        .AddSingleton<IKeyVault>(provider => provider.GetRequiredService<SigningDesk>());

    public static void MapKms(this IEndpointRouteBuilder routes) => routes.MapGrpcService<KeyManagement>();
}
