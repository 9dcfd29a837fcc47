using BinAuthz.Approval;
using BinAuthz.Attestations;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;

namespace BinAuthz.Signing;

/// <summary>The part of <see cref="ImageSigner"/> that is one attestor's: decide by its policy, sign with its key, store under its note.</summary>
internal sealed class AttestorSigner(AttestorPolicy policy, SigningTrustSource trusts, ContainerAnalysisClient analysis, AttestationAct act)
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

    /// <summary>What is attested of an image and its platforms, and what is not.</summary>
    public async Task<SigningTargets> FindTargetsAsync(ImageReference image, RegistryImage registered, AttestorStanding standing, CancellationToken cancellationToken)
    {
        var targets = new SigningTargets(image, registered, standing.Trust.Verifier, standing.Attestations);
        return targets.IsIndex && targets.ImageIsAttested
            ? targets.With(await analysis.ListAttestationsAsync(standing.Trust.Attestor.Note, targets.Platforms, cancellationToken).ConfigureAwait(false))
            : targets;
    }

    /// <summary>Decides, and attests what lacks an attestation.</summary>
    public async Task<SigningOutcome> SignAsync(RegistryImage registered, ImageFacts facts, AttestorStanding standing, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // 1. Which of the image and its platforms lack an attestation?
        var image = facts.Image;
        var targets = await FindTargetsAsync(image, registered, standing, cancellationToken).ConfigureAwait(false);
        if (targets.Missing.Count == 0)
        {
            return await RepairAsync(targets, facts, standing.Trust, now, cancellationToken).ConfigureAwait(false);
        }

        // 2. Decide.
        var decision = policy.Evaluate(facts, now);
        return decision switch
        {
            ApprovalDecision.Rejected => new SigningOutcome.Rejected(image, Name) { Rules = decision.Results },
            ApprovalDecision.NotReady => new SigningOutcome.NotReady(image, Name) { Rules = decision.Results },
            _ when policy.Mode == ApprovalMode.DryRun => new SigningOutcome.WouldSign(image, Name) { Rules = decision.Results },
            _ => await act.AttestAsync(targets, standing.Trust, decision.Results, now, cancellationToken).ConfigureAwait(false) with { Rules = decision.Results },
        };
    }

    // What is attested is not weighed again, unless the record of why it was is missing: then the policy of today says it.
    private async Task<SigningOutcome> RepairAsync(SigningTargets targets, ImageFacts facts, SigningTrust trust, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var outcome = new SigningOutcome.AlreadySigned(facts.Image, Name);
        if (policy.Mode == ApprovalMode.DryRun || !await act.LacksRecordAsync(targets, trust, cancellationToken).ConfigureAwait(false))
        {
            return outcome;
        }

        var decision = policy.Evaluate(facts, now);
        if (decision is ApprovalDecision.Approved)
        {
            await act.RepairAsync(targets, trust, decision.Results, now, cancellationToken).ConfigureAwait(false);
        }

        return outcome with { Rules = decision.Results };
    }
}
