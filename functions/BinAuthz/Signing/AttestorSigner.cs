using BinAuthz.Approval;
using BinAuthz.Attestations;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Keys;
using Grpc.Core;

namespace BinAuthz.Signing;

/// <summary>The part of <see cref="ImageSigner"/> that is one attestor's: decide by its policy, sign with its key, store under its note.</summary>
internal sealed class AttestorSigner(AttestorPolicy policy, SigningTrustSource trusts, ContainerAnalysisClient analysis, KeyManagementClient kms)
{
    /// <summary>Whose part this is.</summary>
    public AttestorName Name => policy.Attestor;

    /// <summary>The rejection that needs no evidence; null: evidence decides.</summary>
    public SigningOutcome? RefuseByName(ImageReference image, DateTimeOffset now) =>
        policy.RefuseByName(image, now) is { } refused ? new SigningOutcome.Rejected(image, Name) { Rules = refused.Results } : null;

    /// <summary>Reads the attestor's keys and its attestations of a digest.</summary>
    public async Task<AttestorStanding> ReadAsync(ImageDigest digest, CancellationToken cancellationToken)
    {
        // The note is the attestor's word; once that is remembered, this waits for nothing.
        var trust = await trusts.GetAsync(cancellationToken).ConfigureAwait(false);
        return new AttestorStanding(trust, await analysis.ListAttestationsAsync(trust.Attestor.Note, [digest], cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Decides, and attests what lacks an attestation.</summary>
    public async Task<SigningOutcome> SignAsync(RegistryImage registered, ImageFacts facts, AttestorStanding standing, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // 1. Which of the image and its platforms lack an attestation?
        var image = facts.Image;
        var targets = new SigningTargets(image, registered, standing.Trust.Verifier, standing.Attestations);
        if (targets.IsIndex && targets.ImageIsAttested)
        {
            targets = targets.With(await analysis.ListAttestationsAsync(standing.Trust.Attestor.Note, targets.Platforms, cancellationToken).ConfigureAwait(false));
        }

        if (targets.Missing.Count == 0)
        {
            return new SigningOutcome.AlreadySigned(image, Name);
        }

        // 2. Decide.
        var decision = policy.Evaluate(facts, now);
        return decision switch
        {
            ApprovalDecision.Rejected => new SigningOutcome.Rejected(image, Name) { Rules = decision.Results },
            ApprovalDecision.NotReady => new SigningOutcome.NotReady(image, Name) { Rules = decision.Results },
            _ when policy.Mode == ApprovalMode.DryRun => new SigningOutcome.WouldSign(image, Name) { Rules = decision.Results },
            _ => await AttestAsync(targets, standing.Trust, cancellationToken).ConfigureAwait(false) with { Rules = decision.Results },
        };
    }

    private async Task<SigningOutcome> AttestAsync(SigningTargets targets, SigningTrust trust, CancellationToken cancellationToken)
    {
        var signer = trust.Signer ?? throw new SigningException(trust.Problem!);

        // 3. Sign. While an index and all of its platforms are signed, look which platforms have been attested on their own.
        var platforms = targets.IsIndex && !targets.ImageIsAttested
            ? analysis.ListAttestationsAsync(trust.Attestor.Note, targets.Platforms, cancellationToken)
            : Task.FromResult<IReadOnlyList<Attestation>>([]);
        var signatures = Task.WhenAll(targets.Missing.Select(target => SignOneAsync(target, signer, trust.Attestor.Note, cancellationToken)));
        await Task.WhenAll(platforms, signatures).ConfigureAwait(false);
        var missing = targets.With(await platforms.ConfigureAwait(false)).Missing.Select(target => target.Digest).ToHashSet();

        // 4. Store. What a crash leaves out, the next run finds missing: an attested index has its platforms looked at too.
        var wanted = (await signatures.ConfigureAwait(false)).Where(signed => missing.Contains(signed.Image.Digest));
        var stored = await Task.WhenAll(wanted.Select(signed => StoreAsync(signed, trust, cancellationToken))).ConfigureAwait(false);
        var all = stored.OfType<StoredAttestation>().ToArray();
        return all.Length == 0 ? new SigningOutcome.AlreadySigned(targets.Image, Name) : new SigningOutcome.Signed(targets.Image, Name, signer.Version, all);
    }

    private async Task<(ImageReference Image, Attestation Attestation)> SignOneAsync(ImageReference image, SigningKeySelection.Selected signer, NoteName note, CancellationToken cancellationToken)
    {
        var payload = AttestationPayload.Create(image);
        byte[] signature;
        try
        {
            signature = await kms.SignAsync(signer.Version, signer.Algorithm, payload, cancellationToken).ConfigureAwait(false);
        }
        catch (GoogleCallException error) when (error.Status == StatusCode.FailedPrecondition)
        {
            // The version was disabled since it was chosen; the next delivery chooses anew.
            trusts.Forget();
            throw;
        }

        if (!signer.Key.Verify(payload, signature))
        {
            throw new SigningException($"The signature that {signer.Version} made for {image} does not verify with the key that the attestor lists under {signer.Version.PublicKeyId}. Nothing was stored. Compare the attestor's key with `gcloud kms keys versions get-public-key`.");
        }

        return (image, new Attestation("", image.ResourceUri, note, payload, [new AttestationSignature(signer.Version.PublicKeyId, signature)], null));
    }

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
