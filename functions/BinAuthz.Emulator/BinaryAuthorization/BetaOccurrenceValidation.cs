using BinAuthz.Emulator.Rest;
using Google.Cloud.BinaryAuthorization.V1;
using Grpc.Core;

namespace BinAuthz.Emulator.BinaryAuthorization;

/// <summary>The same question under the path of v1beta1.</summary>
internal sealed class BetaOccurrenceValidation(OccurrenceValidation validation) : BetaValidation.BetaValidationBase
{
    public override Task<ValidateAttestationOccurrenceResponse> ValidateAttestationOccurrence(ValidateAttestationOccurrenceRequest request, ServerCallContext context) =>
        Task.FromResult(validation.Validate(request));
}
