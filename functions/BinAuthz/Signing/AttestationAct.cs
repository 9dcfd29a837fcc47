using BinAuthz.Approval;
using BinAuthz.Attestations;
using BinAuthz.Decisions;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Keys;

namespace BinAuthz.Signing;

/// <summary>
/// What follows from a yes: attestations and the decision's record. Both are signed in one round trip and stored in the
/// next, so that the record costs no time; a crash between the two leaves what <see cref="RepairAsync"/> mends.
/// </summary>
internal sealed class AttestationAct(ApprovalPolicy policy, VerifiedSigner hand, ContainerAnalysisClient analysis, AttestationStore store, DecisionRecords records)
{
    /// <summary>Attests what lacks an attestation, and records why.</summary>
    public async Task<SigningOutcome> AttestAsync(SigningTargets targets, SigningTrust trust, IReadOnlyList<RuleResult> rules, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var attestor = trust.Attestor.Name;
        var signer = trust.Signer ?? throw new SigningException(trust.Problem!);

        // 3. Sign. While an index and all of its platforms are signed, look which platforms have been attested on their own.
        var platforms = targets.IsIndex && !targets.ImageIsAttested
            ? analysis.ListAttestationsAsync(trust.Attestor.Note, targets.Platforms, cancellationToken)
            : Task.FromResult<IReadOnlyList<Attestation>>([]);
        var signatures = Task.WhenAll(targets.Missing.Select(target => SignOneAsync(target, signer, trust.Attestor.Note, cancellationToken)));
        var record = SignRecordAsync(targets, attestor, signer, rules, now, cancellationToken);
        await Task.WhenAll(platforms, signatures, record).ConfigureAwait(false);
        var missing = targets.With(await platforms.ConfigureAwait(false)).Missing.Select(target => target.Digest).ToHashSet();

        // 4. Store. What a crash leaves out, the next run finds missing: an attested index has its platforms looked at too.
        var wanted = (await signatures.ConfigureAwait(false)).Where(signed => missing.Contains(signed.Image.Digest));
        var storing = Task.WhenAll(wanted.Select(signed => StoreAsync(signed, trust, cancellationToken)));
        await Task.WhenAll(storing, StoreRecordAsync(targets, attestor, signer, await record.ConfigureAwait(false), cancellationToken)).ConfigureAwait(false);
        var stored = (await storing.ConfigureAwait(false)).OfType<StoredAttestation>().ToArray();
        return stored.Length == 0 ? new SigningOutcome.AlreadySigned(targets.Image, attestor) : new SigningOutcome.Signed(targets.Image, attestor, signer.Version, stored);
    }

    /// <summary>Whether attested digests lack the record of the key version whose attestation counts, as after a crash.</summary>
    public async Task<bool> LacksRecordAsync(SigningTargets targets, SigningTrust trust, CancellationToken cancellationToken)
    {
        // Only the version that signs now can make up for a record, so its own counts as well as the missing one.
        if (trust.Signer is not { } signer)
        {
            return false;
        }

        var found = await Task.WhenAll(targets.All.Select(target => targets.SignerOf(target.Digest) is { } version
            ? records.ExistsAsync(trust.Attestor.Name, target.Digest, [version, signer.Version], cancellationToken)
            : Task.FromResult(true))).ConfigureAwait(false);
        return Array.Exists(found, exists => !exists);
    }

    /// <summary>Signs and stores the record of what is attested already.</summary>
    public async Task RepairAsync(SigningTargets targets, SigningTrust trust, IReadOnlyList<RuleResult> rules, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var signer = trust.Signer ?? throw new SigningException(trust.Problem!);
        var record = await SignRecordAsync(targets, trust.Attestor.Name, signer, rules, now, cancellationToken).ConfigureAwait(false);
        await StoreRecordAsync(targets, trust.Attestor.Name, signer, record, cancellationToken).ConfigureAwait(false);
    }

    private async Task<(ImageReference Image, Attestation Attestation)> SignOneAsync(ImageReference image, SigningKeySelection.Selected signer, NoteName note, CancellationToken cancellationToken)
    {
        var place = new AttestationPlace.Free(image.ResourceUri);
        return (image, place.With(image, note, await hand.SignAsync(image, place.Payload(image), signer, cancellationToken).ConfigureAwait(false)));
    }

    // The decision is about the index as a whole, so its record names every platform, whichever of them lacked an attestation.
    private Task<byte[]> SignRecordAsync(SigningTargets targets, AttestorName attestor, SigningKeySelection.Selected signer, IReadOnlyList<RuleResult> rules, DateTimeOffset now, CancellationToken cancellationToken) =>
        hand.SignRecordAsync(new VerificationSummary(now, policy.Environment, attestor, targets.Image, targets.Platforms, policy.Digest, signer.Version, rules), signer, cancellationToken);

    private Task<bool[]> StoreRecordAsync(SigningTargets targets, AttestorName attestor, SigningKeySelection.Selected signer, byte[] record, CancellationToken cancellationToken) =>
        Task.WhenAll(targets.All.Select(target => records.StoreAsync(attestor, target.Digest, signer.Version, record, cancellationToken)));

    /// <summary>
    /// Stores an attestation. ALREADY_EXISTS counts as success only when what is there verifies; otherwise the attestation
    /// is stored where there is place for it.
    /// </summary>
    private async Task<StoredAttestation?> StoreAsync((ImageReference Image, Attestation Attestation) signed, SigningTrust trust, CancellationToken cancellationToken)
    {
        var (image, attestation) = signed;
        var attestor = trust.Attestor;
        if (await analysis.CreateAttestationAsync(attestor.Name.Project, attestation, cancellationToken).ConfigureAwait(false) is { } name)
        {
            return new StoredAttestation(image, name);
        }

        var existing = await analysis.ListAttestationsAsync(attestor.Note, [image.Digest], cancellationToken).ConfigureAwait(false);
        if (existing.Any(other => trust.Verifier.Verify(other, image.Digest) is AttestationVerdict.Valid))
        {
            return null;
        }

        var place = AttestationPlace.Choose(image, existing, attestor, new HashSet<string>());
        return place is not AttestationPlace.None && await store.StoreAsync(attestor.Name.Project, place, place.With(image, attestor.Note, attestation.Signatures[0]), cancellationToken).ConfigureAwait(false) is { } second
            ? new StoredAttestation(image, second)
            : throw AttestationStore.NoPlace(image, attestor, existing);
    }
}
