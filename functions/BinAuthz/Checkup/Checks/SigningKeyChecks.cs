using System.Globalization;
using BinAuthz.Attestations;
using BinAuthz.Checkup.Facts;
using BinAuthz.GoogleCloud;
using BinAuthz.Keys;
using Purpose = Google.Cloud.Kms.V1.CryptoKey.Types.CryptoKeyPurpose;

namespace BinAuthz.Checkup.Checks;

/// <summary>
/// The signing key: that it is one, that nobody expects it to rotate by itself (often got wrong: rotation periods are for symmetric keys), that
/// some version signs, and that the newest version is not made in vain (often got wrong: an attestor does not learn of new versions, and
/// callers that name version 1 never use another).
/// </summary>
internal static class SigningKeyChecks
{
    /// <summary>What was found.</summary>
    public static IEnumerable<CheckResult> Judge(CheckupRequest request, AttestorFacts facts, DateTimeOffset now)
    {
        var name = facts.Subject.Key;
        return facts.Key.Judge("key", name, key => key is null
            ? [CheckResult.Failed("key", name, "There is no such key.", $"{request.Setup} makes it. If it is another, name it in the approval policy and give --approval.")]
            : [OfPurpose(request, name, key.Description), .. Rotation(name, key.Description), .. Versions(request, facts, key, now)]);
    }

    private static CheckResult OfPurpose(CheckupRequest request, KeyName name, KeyDescription key) => key.Purpose == Purpose.AsymmetricSign
        ? CheckResult.Ok("key", name, "signs (ASYMMETRIC_SIGN)")
        : CheckResult.Failed("key", name, $"It is for {key.Purpose}, and only keys for ASYMMETRIC_SIGN make attestations.", $"The purpose of a key cannot be changed. Name another key in the approval policy, or make one in a new key ring with {request.Setup}.");

    private static IEnumerable<CheckResult> Rotation(KeyName name, KeyDescription key) => key.HasRotation
        ? [CheckResult.Warning("key-rotation", name, "A rotation period or time is set. Only symmetric keys rotate by themselves: whoever set it waits for nothing.", $"`gcloud kms keys update {name.Key} --keyring={name.KeyRing} --location={name.Location} --project={name.Project} --remove-rotation-schedule`")]
        : [];

    private static IEnumerable<CheckResult> Versions(CheckupRequest request, AttestorFacts facts, KeyFacts key, DateTimeOffset now) =>
        facts.Attestor.Or(null) is not { } attestor ? [] : key.Versions.Judge("signing-version", facts.Subject.Key, versions =>
        {
            KeyVersionName[] enabled = [.. versions.Where(version => version.IsEnabled).Select(version => version.Name)];
            var signing = SigningKeySelector.Select(attestor.Keys, enabled, request.PropagationWindow, now);
            return [Signing(request, facts, attestor, signing, now), .. Newest(attestor, versions, enabled)];
        });

    private static CheckResult Signing(CheckupRequest request, AttestorFacts facts, Attestor attestor, SigningKeySelection selection, DateTimeOffset now)
    {
        const string Check = "signing-version";
        switch (selection)
        {
            case SigningKeySelection.Selected selected:
                var since = TrustedSince.Read(attestor.Keys.First(key => key.Id == selected.Version.PublicKeyId).Comment);
                var isYoung = since > now - request.PropagationWindow;
                return CheckResult.Ok(Check, selected.Version, $"signs for {attestor.Name} with {selected.Algorithm}{(isYoung ? $"; it is listed since {since:u}, and not every cluster may know it before {since + request.PropagationWindow:u}" : "")}");
            case SigningKeySelection.NoneTrusted none:
                return CheckResult.Failed(Check, facts.Subject.Key, $"No version may sign for {attestor.Name}: {none.Reason}", $"{none.Remedy} {request.Setup} lists the newest enabled version; `gcloud kms keys versions enable VERSION --key={facts.Subject.Key.Key} --keyring={facts.Subject.Key.KeyRing} --location={facts.Subject.Key.Location} --project={facts.Subject.Key.Project}` enables a disabled one.");
            default:
                throw new InvalidOperationException($"{selection.GetType().Name} is not a selection that is known here.");
        }
    }

    private static IEnumerable<CheckResult> Newest(Attestor attestor, IReadOnlyList<KeyVersionDescription> versions, KeyVersionName[] enabled)
    {
        const string Check = "newest-version";
        if (enabled.MaxBy(version => version.Version) is not { } newest)
        {
            return [];
        }

        if (attestor.Keys.FirstOrDefault(key => key.Id == newest.PublicKeyId) is not { } listed)
        {
            // Where none is listed, it is told that none signs.
            return enabled.Any(version => attestor.Keys.Any(key => key.Id == version.PublicKeyId))
                ? [CheckResult.Warning(Check, newest, $"It is the newest enabled version, and {attestor.Name} does not list it: an older one signs, and what this one signs is not admitted.", $"{TrustedKeyChecks.Add(attestor, newest)}; to keep the older one, disable or destroy what is not used.")]
                : [];
        }

        return versions.FirstOrDefault(version => version.Name == newest)?.Algorithm is null
            ? [CheckResult.Failed(Check, newest, "Its algorithm is none that Binary Authorization accepts.", $"Make a key with one of: {string.Join(", ", SignatureAlgorithm.All)}.")]
            : [CheckResult.Ok(Check, newest, string.Create(CultureInfo.InvariantCulture, $"the newest enabled version is trusted ({(listed.Comment.Length > 0 ? listed.Comment : "no comment says since when")})"))];
    }
}
