using BinAuthz.Emulator.Hosting;
using Google.Cloud.BinaryAuthorization.V1;
using Grpc.Core;

namespace BinAuthz.Emulator.BinaryAuthorization;

/// <summary>Whether an attestation, stored or not, would satisfy an attestor.</summary>
internal sealed class OccurrenceValidation(AttestorStore attestors, AttestationVerifier verifier) : ValidationHelperV1.ValidationHelperV1Base
{
    public override Task<ValidateAttestationOccurrenceResponse> ValidateAttestationOccurrence(ValidateAttestationOccurrenceRequest request, ServerCallContext context) =>
        Task.FromResult(Validate(request));

    public ValidateAttestationOccurrenceResponse Validate(ValidateAttestationOccurrenceRequest request)
    {
        var attestor = attestors.Get(request.Attestor);
        if (request.Attestation is null)
        {
            throw Errors.Invalid("attestation must be given.");
        }

        return Problem(request, attestor.UserOwnedGrafeasNote) is { } problem
            ? new ValidateAttestationOccurrenceResponse { Result = ValidateAttestationOccurrenceResponse.Types.Result.AttestationNotVerifiable, DenialReason = problem }
            : new ValidateAttestationOccurrenceResponse { Result = ValidateAttestationOccurrenceResponse.Types.Result.Verified };
    }

    private string? Problem(ValidateAttestationOccurrenceRequest request, UserOwnedGrafeasNote note)
    {
        if (request.OccurrenceNote != note.NoteReference)
        {
            return $"The occurrence belongs to note '{request.OccurrenceNote}', the attestor to '{note.NoteReference}'";
        }

        if (ImageDigest.Of(request.OccurrenceResourceUri) is not { } digest)
        {
            return $"Expected digest with sha256 scheme, but got tag or malformed digest: '{request.OccurrenceResourceUri}'";
        }

        return verifier.Problem(request.Attestation, digest, note.PublicKeys) is { } problem
            ? $"No attestations found that were valid and signed by a key trusted by the attestor: {problem}"
            : null;
    }
}
