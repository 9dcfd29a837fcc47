using BinAuthz.Attestations;
using BinAuthz.Checkup.Facts;

namespace BinAuthz.Checkup.Checks;

/// <summary>
/// Whether an attestor of the environment exists and has keys, and whether its note exists and is its own (often got wrong: a note is not
/// looked up by asking for an attestor of that name).
/// </summary>
internal static class AttestorChecks
{
    /// <summary>What was found.</summary>
    public static IEnumerable<CheckResult> Judge(CheckupRequest request, AttestorFacts facts) =>
        facts.Attestor.Judge("attestor", facts.Subject.Name, attestor => attestor is null
            ? [CheckResult.Failed("attestor", facts.Subject.Name, "There is no such attestor.", $"{request.Setup} makes it.")]
            : [Keys(request, attestor), .. Note(request, facts, attestor)]);

    private static CheckResult Keys(CheckupRequest request, Attestor attestor) => attestor.Keys.Count == 0
        ? CheckResult.Failed("attestor", attestor.Name, "It has no keys, so no attestation of it ever counts.", $"{request.Setup} adds the newest enabled version of the signing key.")
        : CheckResult.Ok("attestor", attestor.Name, $"attests under {attestor.Note} with keys: {attestor.Keys.Count}");

    private static IEnumerable<CheckResult> Note(CheckupRequest request, AttestorFacts facts, Attestor attestor)
    {
        const string Check = "note";
        if (EnvironmentIsolation.Owner(attestor.Note.Id) is { } owner && owner != request.Environment.Name)
        {
            return [CheckResult.Failed(Check, attestor.Note, $"{attestor.Name} attests under it, and it belongs to the environment {owner}: who attests there attests here.", $"The note of an attestor cannot be changed. Delete the attestor with `gcloud container binauthz attestors delete {attestor.Name.Id} --project={attestor.Name.Project}`, and {request.Setup} makes it with a note of its own.")];
        }

        return facts.Note is null ? [] : facts.Note.Judge(Check, attestor.Note, note =>
        [
            note is null ? CheckResult.Failed(Check, attestor.Note, $"{attestor.Name} attests under it, and there is no such note: attestations cannot be stored.", $"{request.Setup} makes it, if it is the environment's own.")
                : !note.IsAttestation ? CheckResult.Failed(Check, attestor.Note, "It is not of kind ATTESTATION, so that no attestation can be stored under it.", $"Delete it and let {request.Setup} make it.")
                : note.Hint.Length == 0 ? CheckResult.Warning(Check, attestor.Note, "It has no hint, which the API asks for: hint.humanReadableName is what people see of it.", $"`curl -X PATCH -H \"Authorization: Bearer $(gcloud auth print-access-token)\" -H \"Content-Type: application/json\" -d '{{\"attestation\":{{\"hint\":{{\"humanReadableName\":\"Images approved for {request.Environment}\"}}}}}}' \"https://containeranalysis.googleapis.com/v1/{attestor.Note}?updateMask=attestation.hint.humanReadableName\"`")
                : CheckResult.Ok(Check, attestor.Note, $"exists, '{note.Hint}'"),
        ]);
    }
}
