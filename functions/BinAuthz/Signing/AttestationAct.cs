using BinAuthz.Approval;
using BinAuthz.Approval.Provenance;
using BinAuthz.Attestations;
using BinAuthz.Decisions;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Keys;
using Grpc.Core;

namespace BinAuthz.Signing;

/// <summary>
/// What follows from a yes: attestations and the decision's record. Both are signed in one round trip and stored in the
/// next, so that the record costs no time; a crash between the two leaves what <see cref="RepairAsync"/> mends.
/// </summary>
internal sealed class AttestationAct(ApprovalPolicy policy, SigningTrustSource trusts, ContainerAnalysisClient analysis, KeyManagementClient kms, DecisionRecords records)
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
        var payload = AttestationPayload.Create(image);
        var signature = await SignBytesAsync(payload, image, signer, cancellationToken).ConfigureAwait(false);
        return (image, new Attestation("", image.ResourceUri, note, payload, [new AttestationSignature(signer.Version.PublicKeyId, signature)], null));
    }

    // The decision is about the index as a whole, so its record names every platform, whichever of them lacked an attestation.
    private async Task<byte[]> SignRecordAsync(SigningTargets targets, AttestorName attestor, SigningKeySelection.Selected signer, IReadOnlyList<RuleResult> rules, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var statement = new VerificationSummary(now, policy.Environment, attestor, targets.Image, targets.Platforms, policy.Digest, signer.Version, rules).ToBytes();
        var signature = await SignBytesAsync(DsseEnvelope.Covered(VerificationSummary.PayloadType, statement), targets.Image, signer, cancellationToken).ConfigureAwait(false);
        return new DsseEnvelope(VerificationSummary.PayloadType, statement, [new DsseSignature(signer.Version.PublicKeyId, signature)]).ToBytes();
    }

    private async Task<byte[]> SignBytesAsync(byte[] data, ImageReference image, SigningKeySelection.Selected signer, CancellationToken cancellationToken)
    {
        byte[] signature;
        try
        {
            signature = await kms.SignAsync(signer.Version, signer.Algorithm, data, cancellationToken).ConfigureAwait(false);
        }
        catch (GoogleCallException error) when (error.Status == StatusCode.FailedPrecondition)
        {
            // The version was disabled since it was chosen; the next delivery chooses anew.
            trusts.Forget();
            throw;
        }

        return signer.Key.Verify(data, signature)
            ? signature
            : throw new SigningException($"The signature that {signer.Version} made for {image} does not verify with the key that the attestor lists under {signer.Version.PublicKeyId}. Nothing was stored. Compare the attestor's key with `gcloud kms keys versions get-public-key`.");
    }

    private Task<bool[]> StoreRecordAsync(SigningTargets targets, AttestorName attestor, SigningKeySelection.Selected signer, byte[] record, CancellationToken cancellationToken) =>
        Task.WhenAll(targets.All.Select(target => records.StoreAsync(attestor, target.Digest, signer.Version, record, cancellationToken)));

    /// <summary>
    /// Stores an attestation. ALREADY_EXISTS counts as success only when what is there verifies; otherwise the attestation
    /// is stored under the other form of the resource URI, since Binary Authorization looks at the digest alone.
    /// </summary>
    private async Task<StoredAttestation?> StoreAsync((ImageReference Image, Attestation Attestation) signed, SigningTrust trust, CancellationToken cancellationToken)
    {
        var (image, attestation) = signed;
        var project = trust.Attestor.Name.Project;
        if (await analysis.CreateAttestationAsync(project, attestation, cancellationToken).ConfigureAwait(false) is { } name)
        {
            return new StoredAttestation(image, name);
        }

        var existing = await analysis.ListAttestationsAsync(trust.Attestor.Note, [image.Digest], cancellationToken).ConfigureAwait(false);
        if (existing.Any(other => trust.Verifier.Verify(other, image.Digest) is AttestationVerdict.Valid))
        {
            return null;
        }

        var other = attestation with { ResourceUri = image.ToString() };
        return await analysis.CreateAttestationAsync(project, other, cancellationToken).ConfigureAwait(false) is { } second
            ? new StoredAttestation(image, second)
            : throw new SigningException($"{image} has attestations under {trust.Attestor.Note} that no key of {trust.Attestor.Name} verifies, and Container Analysis accepts no further one. Delete them: {string.Join(", ", existing.Select(each => each.Name))}.");
    }
}
