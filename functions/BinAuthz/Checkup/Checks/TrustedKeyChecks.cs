using BinAuthz.Attestations;
using BinAuthz.Checkup.Facts;
using BinAuthz.GoogleCloud;
using BinAuthz.Keys;

namespace BinAuthz.Checkup.Checks;

/// <summary>
/// The keys that an attestor trusts: whether each is a version of the signing key, under exactly its name and with exactly its
/// public key, and whether that version still signs. Admission never asks Cloud KMS: what a disabled or destroyed version has
/// signed stays valid until its key is taken off the attestor (often got wrong: revoking in KMS blocks nothing).
/// </summary>
internal static class TrustedKeyChecks
{
    private const string Check = "trusted-key";

    /// <summary>What was found, one result for each key.</summary>
    public static IEnumerable<CheckResult> Judge(AttestorFacts facts) =>
        facts.Attestor.Or(null) is not { } attestor ? [] : attestor.Keys.SelectMany(key => Judge(facts, attestor, key));

    private static IEnumerable<CheckResult> Judge(AttestorFacts facts, Attestor attestor, AttestorKey listed)
    {
        if (!KeyVersionName.TryParsePublicKeyId(listed.Id, out var version))
        {
            return [Foreign(attestor, listed, NearMiss(facts, listed) is { } meant ? $"It is no name of a Cloud KMS version. Was {meant.PublicKeyId} meant? Ids are compared character by character" : "It is no key of Cloud KMS: whoever has its private half attests for this attestor")];
        }

        return version.Key != facts.Subject.Key
            ? [Foreign(attestor, listed, $"It is a version of another key than {facts.Subject.Key}: who may sign with that one attests for this attestor")]
            : facts.Key.Judge(Check, version, key => key is null
                ? [Warning(attestor, listed, version, "Cloud KMS has no such key any more")]
                : key.Versions.Judge(Check, version, versions => Judge(key, attestor, listed, versions.FirstOrDefault(each => each.Name == version), version)));
    }

    private static IEnumerable<CheckResult> Judge(KeyFacts key, Attestor attestor, AttestorKey listed, KeyVersionDescription? found, KeyVersionName version)
    {
        if (found is not { IsEnabled: true })
        {
            return [Warning(attestor, listed, version, found is null ? "Cloud KMS has no such version any more" : $"The version is {found.State} in Cloud KMS")];
        }

        return key.PublicKeys.TryGetValue(version, out var read)
            ? read.Judge(Check, version, real => [Compare(attestor, listed, version, real)])
            : [CheckResult.Unchecked(Check, version, new Obstacle("Its public key was not read.", "Run it again.", IsTransient: true))];
    }

    private static CheckResult Compare(Attestor attestor, AttestorKey listed, KeyVersionName version, KmsPublicKey real)
    {
        if (!PublicKeyBytes.AreSame(listed.Pem, real.Pem))
        {
            return CheckResult.Failed(Check, version, $"{attestor.Name} lists another public key under this id than Cloud KMS returns, so that nothing that the version signs is ever admitted.", Replace(attestor, listed, version));
        }

        return listed.Algorithm is null || listed.Algorithm != real.Algorithm
            ? CheckResult.Failed(Check, version, $"{attestor.Name} lists it as {listed.Algorithm?.BinAuthzName ?? "an algorithm that is not known here"}, and Cloud KMS signs with {real.Algorithm?.BinAuthzName ?? "one that Binary Authorization does not accept"}.", Replace(attestor, listed, version))
            : CheckResult.Ok(Check, version, $"{attestor.Name} trusts it, with the public key that Cloud KMS returns");
    }

    private static CheckResult Warning(Attestor attestor, AttestorKey listed, KeyVersionName version, string state) => CheckResult.Warning(
        Check,
        version,
        $"{state}, and {attestor.Name} still trusts it: it signs nothing new, but every image that it ever signed is still admitted, because admission does not ask Cloud KMS.",
        $"To block these images, sign those that must run again and take the key off the attestor: {Remove(attestor, listed)}.");

    private static CheckResult Foreign(Attestor attestor, AttestorKey listed, string what) => CheckResult.Warning(
        Check, listed.Id, $"{what}. {attestor.Name} trusts it.", $"If nobody should attest with it, take it off: {Remove(attestor, listed)}.");

    // Another project number, host or letter case than the id must have.
    private static KeyVersionName? NearMiss(AttestorFacts facts, AttestorKey listed)
    {
        var at = listed.Id.LastIndexOf("projects/", StringComparison.OrdinalIgnoreCase);
        return at >= 0 && KeyVersionName.TryParse(listed.Id[at..].Trim(), out var version) && version.Key == facts.Subject.Key ? version : null;
    }

    private static string Remove(Attestor attestor, AttestorKey listed) =>
        $"`gcloud container binauthz attestors public-keys remove '{listed.Id}' --attestor={attestor.Name.Id} --project={attestor.Name.Project}`";

    private static string Replace(Attestor attestor, AttestorKey listed, KeyVersionName version) => $"{Remove(attestor, listed)}, then {Add(attestor, version)}";

    /// <summary>The command that lists a version.</summary>
    internal static string Add(Attestor attestor, KeyVersionName version) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"`gcloud container binauthz attestors public-keys add --attestor={attestor.Name.Id} --project={attestor.Name.Project} --keyversion-project={version.Key.Project} --keyversion-location={version.Key.Location} --keyversion-keyring={version.Key.KeyRing} --keyversion-key={version.Key.Key} --keyversion={version.Version}`");
}
