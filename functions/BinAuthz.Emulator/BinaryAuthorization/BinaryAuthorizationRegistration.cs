using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.Emulator.BinaryAuthorization;

/// <summary>Binary Authorization.</summary>
internal static class BinaryAuthorizationRegistration
{
    public static void AddBinaryAuthorization(this IServiceCollection services) => services
        .AddSingleton<AttestorStore>().AddSingleton<PolicyStore>().AddSingleton<KeyIds>().AddSingleton<AttestationVerifier>().AddSingleton<TrustAudit>()
        .AddSingleton<ManagementService>().AddSingleton<BetaManagementService>().AddSingleton<SystemPolicyService>().AddSingleton<BetaSystemPolicyService>()
        .AddSingleton<OccurrenceValidation>().AddSingleton<BetaOccurrenceValidation>().AddSingleton<ContinuousValidationService>()
        .AddSingleton<PlatformPolicyStore>().AddSingleton<PlatformPolicyService>().AddSingleton<CheckEvaluator>().AddSingleton<DeployAttestations>().AddSingleton<PlatformPolicyEvaluation>();

    public static void MapBinaryAuthorization(this IEndpointRouteBuilder routes)
    {
        routes.MapGrpcService<ManagementService>();
        routes.MapGrpcService<BetaManagementService>();
        routes.MapGrpcService<SystemPolicyService>();
        routes.MapGrpcService<BetaSystemPolicyService>();
        routes.MapGrpcService<OccurrenceValidation>();
        routes.MapGrpcService<BetaOccurrenceValidation>();
        routes.MapGrpcService<ContinuousValidationService>();
        routes.MapGrpcService<PlatformPolicyService>();
        routes.MapGrpcService<PlatformPolicyEvaluation>();
    }
}
