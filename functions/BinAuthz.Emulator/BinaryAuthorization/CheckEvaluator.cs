using BinAuthz.Emulator.ContainerAnalysis;
using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.Rest;
using Google.Cloud.BinaryAuthorization.V1;
using Grafeas.V1;

namespace BinAuthz.Emulator.BinaryAuthorization;

/// <summary>The checks of platform policies that need the image's name and its attestations; the others are refused by name.</summary>
internal sealed class CheckEvaluator(OccurrenceStore occurrences, AttestationVerifier verifier)
{
    /// <summary>Why the image does not conform, or null.</summary>
    public string? Problem(Check check, string image) => check.CheckTypeCase switch
    {
        Check.CheckTypeOneofCase.AlwaysDeny => check.AlwaysDeny ? "The check denies every image." : null,
        Check.CheckTypeOneofCase.TrustedDirectoryCheck => check.TrustedDirectoryCheck.TrustedDirPatterns.Any(pattern => PlatformPatterns.CoversDirectory(pattern, image))
            ? null
            : "The image is in none of the trusted directories.",
        Check.CheckTypeOneofCase.SimpleSigningAttestationCheck => SigningProblem(check.SimpleSigningAttestationCheck, image),
        _ => throw Errors.Unimplemented($"{check.CheckTypeCase} ('{check.DisplayName}') is not emulated; AlwaysDeny, SimpleSigningAttestationCheck and TrustedDirectoryCheck are."),
    };

    // One attestation by one key of one authenticator is enough.
    private string? SigningProblem(SimpleSigningAttestationCheck check, string image)
    {
        if (ImageDigest.Of(image) is not { } digest)
        {
            return $"Expected digest with sha256 scheme, but got tag or malformed digest: '{image}'";
        }

        var keys = check.AttestationAuthenticators.SelectMany(authenticator => authenticator.PkixPublicKeySet?.PkixPublicKeys ?? [])
            .Select(key => new AttestorPublicKey { Id = key.KeyId.Length == 0 ? VerificationKey.DefaultId(key.PublicKeyPem) : key.KeyId, PkixPublicKey = key }).ToArray();
        var problems = check.ContainerAnalysisAttestationProjects
            .SelectMany(project => occurrences.All(project, $"has_suffix(resourceUrl, \"{digest}\")", NoteKind.Attestation))
            .Select(occurrence => verifier.Problem(occurrence.Attestation, digest, keys)).ToArray();
        if (problems.Contains(null))
        {
            return null;
        }

        return problems.Length == 0 ? "The image has no attestations in the projects of the check." : "No attestation of the image verifies: " + string.Join(' ', problems);
    }
}
