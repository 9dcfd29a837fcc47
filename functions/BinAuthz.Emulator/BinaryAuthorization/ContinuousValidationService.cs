using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.Rest;
using BinAuthz.Emulator.State;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace BinAuthz.Emulator.BinaryAuthorization;

/// <summary>Whether a project's workloads are checked while they run. The setting is stored; nothing is checked here.</summary>
internal sealed class ContinuousValidationService(EmulatorStore store, TimeProvider time) : ContinuousValidation.ContinuousValidationBase
{
    private readonly Table<ContinuousValidationConfig> configs = store.Table("binauthz-continuous-validation", ContinuousValidationConfig.Parser);

    public override Task<ContinuousValidationConfig> GetContinuousValidationConfig(GetContinuousValidationConfigRequest request, ServerCallContext context) =>
        Task.FromResult(configs.Find(request.Name) ?? new ContinuousValidationConfig { Name = request.Name, EnforcementPolicyConfig = new() });

    public override Task<ContinuousValidationConfig> UpdateContinuousValidationConfig(UpdateContinuousValidationConfigRequest request, ServerCallContext context)
    {
        var config = request.ContinuousValidationConfig?.Clone() ?? throw Errors.Invalid("continuous_validation_config must be given.");
        config.UpdateTime = Timestamp.FromDateTimeOffset(time.GetUtcNow());
        configs.Set(config.Name, config);
        return Task.FromResult(config);
    }
}
