namespace BinAuthz.Keys;

/// <summary>
/// Chooses the key version that signs: the newest that is enabled and has been listed in the attestor for the propagation
/// window, so that every admission controller already knows it.
/// </summary>
internal static class SigningKeySelector
{
    /// <summary>Decides from what the attestor lists and what Cloud KMS can sign with.</summary>
    /// <param name="attestorKeys">The keys of the attestor.</param>
    /// <param name="enabledVersions">The versions of our key that are ENABLED.</param>
    /// <param name="propagationWindow">How long a change of the attestor takes to be seen everywhere.</param>
    /// <param name="now">The current time.</param>
    public static SigningKeySelection Select(
        IReadOnlyList<AttestorKey> attestorKeys, IReadOnlyCollection<KeyVersionName> enabledVersions, TimeSpan propagationWindow, DateTimeOffset now)
    {
        var listed = new List<Candidate>();
        var unreadable = new List<string>();
        foreach (var version in enabledVersions)
        {
            foreach (var key in attestorKeys.Where(key => string.Equals(key.Id, version.PublicKeyId, StringComparison.Ordinal)))
            {
                if (key.TryImport(out var publicKey, out var error))
                {
                    listed.Add(new Candidate(version, publicKey, TrustedSince.Read(key.Comment) ?? DateTimeOffset.MinValue));
                }
                else
                {
                    unreadable.Add($"{key.Id}: {error}");
                }
            }
        }

        return Choose(listed, now - propagationWindow) is { } chosen
            ? new SigningKeySelection.Selected(chosen.Version, chosen.Key.Algorithm, chosen.Key)
            : WhyNone(attestorKeys, enabledVersions, unreadable);
    }

    // Nothing past the window happens on a new attestor: the key that is listed longest has the best chance to be known.
    private static Candidate? Choose(List<Candidate> listed, DateTimeOffset trustedBefore) =>
        listed.Where(candidate => candidate.Since <= trustedBefore).MaxBy(candidate => candidate.Version.Version)
        ?? listed.OrderBy(candidate => candidate.Since).ThenBy(candidate => candidate.Version.Version).FirstOrDefault();

    private static SigningKeySelection.NoneTrusted WhyNone(
        IReadOnlyList<AttestorKey> attestorKeys, IReadOnlyCollection<KeyVersionName> enabledVersions, List<string> unreadable)
    {
        if (enabledVersions.Count == 0)
        {
            return new("The key has no version that is ENABLED.", "Enable a version that the attestor lists, or create one and add its public key to the attestor.");
        }

        if (unreadable.Count > 0)
        {
            return new(
                $"The attestor lists enabled versions, but their public keys cannot be used: {string.Join("; ", unreadable)}.",
                "Replace the public key on the attestor by the one that Cloud KMS returns for that version.");
        }

        var ours = string.Join(", ", enabledVersions.Select(version => version.PublicKeyId));
        var theirs = attestorKeys.Count == 0 ? "no keys" : string.Join(", ", attestorKeys.Select(key => key.Id));
        return new(
            $"No enabled version of the key is listed in the attestor: enabled are {ours}; the attestor lists {theirs}.",
            "Add the public key of an enabled version to the attestor under exactly that id.");
    }

    private sealed record Candidate(KeyVersionName Version, PublicKey Key, DateTimeOffset Since);
}
