using BinAuthz.Approval;
using BinAuthz.Attestations;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Keys;
using Grpc.Core;

namespace BinAuthz.Signing;

/// <summary>
/// FLOW 1: from an image to its attestation. Three round trips one after the other: read everything, sign, store.
/// Running it twice, or stopping it between any two calls, leaves nothing that the next run does not finish.
/// </summary>
internal sealed class ImageSigner(
    ArtifactRegistryClient registry,
    ContainerAnalysisClient analysis,
    KeyManagementClient kms,
    SigningTrustSource trusts,
    ProvenanceKeyRing provenanceKeys,
    ApprovalPolicy policy,
    TimeProvider time)
{
    /// <summary>Weighs the evidence for <paramref name="image"/> and attests it, with every platform of an index.</summary>
    /// <exception cref="GoogleCallException">A call was refused or not answered.</exception>
    /// <exception cref="SigningException">No key may sign, or the service keeps an attestation that is in the way.</exception>
    public async Task<SigningOutcome> SignAsync(ImageReference image, CancellationToken cancellationToken)
    {
        // 1. Refuse what no evidence could mend, before any call.
        if (policy.Evaluate(new ImageFacts(image, [], [], NoKeys), time.GetUtcNow()) is ApprovalDecision.Rejected refused)
        {
            return new SigningOutcome.Rejected(image, refused.Results);
        }

        if (!RepositoryPath.TryParse(image.Name, out var repository))
        {
            return new SigningOutcome.NotAnImage(image, "It is in no Artifact Registry repository; only there can the digest be confirmed. Push it to LOCATION-docker.pkg.dev.");
        }

        // 2. Read: the registry's word, attestations, evidence, keys.
        var facts = await ReadAsync(image, repository, cancellationToken).ConfigureAwait(false);
        if (facts.Registered is not { IsContainerImage: true } registered)
        {
            return new SigningOutcome.NotAnImage(image, facts.Registered is { } other ? $"Its media type is {other.MediaType} {other.ArtifactType}." : "The registry has no such digest.");
        }

        // 3. Which of the image and its platforms lack an attestation?
        var targets = new SigningTargets(image, registered, facts.Trust.Verifier, facts.Attestations);
        if (targets.IsIndex && targets.ImageIsAttested)
        {
            targets = targets.With(await analysis.ListAttestationsAsync(facts.Trust.Attestor.Note, targets.Platforms, cancellationToken).ConfigureAwait(false));
        }

        if (targets.Missing.Count == 0)
        {
            return new SigningOutcome.AlreadySigned(image);
        }

        // 4. Decide.
        var decision = policy.Evaluate(new ImageFacts(image, registered.Tags, facts.Provenance, facts.ProvenanceKeys), time.GetUtcNow());
        return decision switch
        {
            ApprovalDecision.Rejected rejected => new SigningOutcome.Rejected(image, rejected.Results),
            ApprovalDecision.NotReady notReady => new SigningOutcome.NotReady(image, notReady.Results),
            _ => await AttestAsync(targets, facts.Trust, cancellationToken).ConfigureAwait(false),
        };
    }

    private static readonly Dictionary<string, PublicKey> NoKeys = [];

    private async Task<Facts> ReadAsync(ImageReference image, RepositoryPath repository, CancellationToken cancellationToken)
    {
        var trust = trusts.GetAsync(cancellationToken);
        var registered = registry.FindAsync(repository, image.Digest, cancellationToken);
        var provenance = policy.RequiresProvenance
            ? analysis.ListProvenanceAsync(repository.Project, image, cancellationToken)
            : Task.FromResult<IReadOnlyList<ProvenanceEnvelope>>([]);
        var keys = provenanceKeys.GetAsync(cancellationToken);
        var attestations = AttestationsAsync(trust, image.Digest, cancellationToken);
        await Task.WhenAll(trust, registered, provenance, keys, attestations).ConfigureAwait(false);
        return new Facts(await trust.ConfigureAwait(false), await registered.ConfigureAwait(false), await attestations.ConfigureAwait(false),
            await provenance.ConfigureAwait(false), await keys.ConfigureAwait(false));
    }

    // The note is the attestor's word; once that is remembered, this waits for nothing.
    private async Task<IReadOnlyList<Attestation>> AttestationsAsync(Task<SigningTrust> trust, ImageDigest digest, CancellationToken cancellationToken) =>
        await analysis.ListAttestationsAsync((await trust.ConfigureAwait(false)).Attestor.Note, [digest], cancellationToken).ConfigureAwait(false);

    private async Task<SigningOutcome> AttestAsync(SigningTargets targets, SigningTrust trust, CancellationToken cancellationToken)
    {
        var signer = trust.Signer ?? throw new SigningException(trust.Problem!);

        // 5. Sign. While an index and all of its platforms are signed, look which platforms have been attested on their own.
        var platforms = targets.IsIndex && !targets.ImageIsAttested
            ? analysis.ListAttestationsAsync(trust.Attestor.Note, targets.Platforms, cancellationToken)
            : Task.FromResult<IReadOnlyList<Attestation>>([]);
        var signatures = Task.WhenAll(targets.Missing.Select(target => SignOneAsync(target, signer, trust.Attestor.Note, cancellationToken)));
        await Task.WhenAll(platforms, signatures).ConfigureAwait(false);
        var missing = targets.With(await platforms.ConfigureAwait(false)).Missing.Select(target => target.Digest).ToHashSet();

        // 6. Store. What a crash leaves out, the next run finds missing: an attested index has its platforms looked at too.
        var wanted = (await signatures.ConfigureAwait(false)).Where(signed => missing.Contains(signed.Image.Digest));
        var stored = await Task.WhenAll(wanted.Select(signed => StoreAsync(signed, trust, cancellationToken))).ConfigureAwait(false);
        var all = stored.OfType<StoredAttestation>().ToArray();
        return all.Length == 0 ? new SigningOutcome.AlreadySigned(targets.Image) : new SigningOutcome.Signed(targets.Image, signer.Version, all);
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

    private sealed record Facts(
        SigningTrust Trust,
        RegistryImage? Registered,
        IReadOnlyList<Attestation> Attestations,
        IReadOnlyList<ProvenanceEnvelope> Provenance,
        IReadOnlyDictionary<string, PublicKey> ProvenanceKeys);
}
