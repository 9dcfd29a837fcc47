using System.Diagnostics.CodeAnalysis;
using BinAuthz.Approval;
using BinAuthz.Attestations;
using BinAuthz.Decisions;
using BinAuthz.GoogleCloud;
using BinAuthz.Keys;

namespace BinAuthz.Signing;

/// <summary>
/// The part of <see cref="ImageResigner"/> that is one attestor's. A round does what can be done now, and each image takes
/// from it what it lacks: a further round, or the next delivery, looks anew and goes on from there.
/// </summary>
internal sealed class AttestorResigner(
    AttestorPolicy rules, ApprovalPolicy policy, SigningTrustSource trusts, VerifiedSigner hand, ContainerAnalysisClient analysis, AttestationStore store, DecisionRecords records, TimeProvider time)
{
    private const int DigestsInAFilter = 50;
    private const int AtOnce = 16;

    /// <summary>Whose part this is.</summary>
    public AttestorName Name => rules.Attestor;

    /// <summary>Does for the images what can be done now.</summary>
    /// <param name="wanted">The version that was asked for.</param>
    /// <param name="items">The images that have not ended.</param>
    /// <param name="failures">Gets what failed for single images.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="GoogleCallException">A call for all of them was refused or not answered.</exception>
    /// <exception cref="SigningException">No version may sign.</exception>
    /// <exception cref="NotYetException">An older version signs still.</exception>
    public async Task RoundAsync(KeyVersionName wanted, IReadOnlyList<ResignItem> items, SigningFailures failures, CancellationToken cancellationToken)
    {
        // 1. Who may sign now?
        var trust = await trusts.ReadAnewAsync(cancellationToken).ConfigureAwait(false);
        if (!MaySign(wanted, trust, out var signer, out var reason))
        {
            items.ToList().ForEach(item => item.End(new SigningOutcome.NotResigned(item.Image, Name, reason)));
            return;
        }

        // 2. What is valid, and what is missing?
        await LookAsync([.. items.Where(item => item.Occurrence is null)], trust.Attestor, signer.Version, failures, cancellationToken).ConfigureAwait(false);

        // 3. Sign what is missing.
        await failures.CollectAsync(items.Where(item => item.NeedsSignature(signer.Version)), AtOnce, (item, token) => SignAsync(item, signer, token), cancellationToken).ConfigureAwait(false);
        ResignItem[] signed = [.. items.Where(item => item.Place is not null && !item.NeedsSignature(signer.Version))];

        // 4. Keep why, before there is anything to explain: of an attestation without a record nobody could tell that a
        // revoked version is behind it.
        await failures.CollectAsync(signed.Where(item => !item.IsRecorded), AtOnce, (item, token) => KeepAsync(item, token), cancellationToken).ConfigureAwait(false);
        ResignItem[] recorded = [.. signed.Where(item => item.IsRecorded)];

        // 5. Store it, if the attestations that were verified still count: a key may have lost trust meanwhile.
        if (recorded.Length > 0 && await IsUnchangedAsync(trust, cancellationToken).ConfigureAwait(false))
        {
            await StoreAsync(recorded, trust.Attestor, failures, cancellationToken).ConfigureAwait(false);
        }

        // 6. End what is done.
        await failures.CollectAsync(items.Where(item => item is { Occurrence: not null, Outcome: null }), AtOnce, (item, token) => EndAsync(item, signer, token), cancellationToken).ConfigureAwait(false);
    }

    private bool MaySign(KeyVersionName wanted, SigningTrust trust, [NotNullWhen(true)] out SigningKeySelection.Selected? signer, [NotNullWhen(false)] out string? reason)
    {
        (signer, reason) = (null, "the approval policy is in a dry run, so nothing was signed anew");
        return rules.Mode != ApprovalMode.DryRun && ResignKey.TryChoose(wanted, trust, out signer, out reason);
    }

    private async Task LookAsync(IReadOnlyList<ResignItem> items, Attestor attestor, KeyVersionName key, SigningFailures failures, CancellationToken cancellationToken)
    {
        var chunks = items.Select(item => item.Image.Digest).Chunk(DigestsInAFilter);
        var lists = await Task.WhenAll(chunks.Select(digests => analysis.ListAttestationsAsync(attestor.Note, digests, cancellationToken))).ConfigureAwait(false);
        var existing = lists.SelectMany(list => list).ToLookup(attestation => attestation.ResourceUri[(attestation.ResourceUri.LastIndexOf('@') + 1)..]);
        await failures.CollectAsync(items, 1, (item, _) => { item.Look([.. existing[item.Image.Digest.Value]], attestor, key); return Task.CompletedTask; }, cancellationToken).ConfigureAwait(false);
    }

    private async Task SignAsync(ResignItem item, SigningKeySelection.Selected signer, CancellationToken cancellationToken)
    {
        var signing = hand.SignAsync(item.Image, item.Place!.Payload(item.Image), signer, cancellationToken);
        var recording = SignRecordAsync(item, signer, cancellationToken);
        await Task.WhenAll(signing, recording).ConfigureAwait(false);
        item.Signed(signer.Version, await signing.ConfigureAwait(false), await recording.ConfigureAwait(false));
    }

    private Task<byte[]> SignRecordAsync(ResignItem item, SigningKeySelection.Selected signer, CancellationToken cancellationToken) => hand.SignRecordAsync(
        new VerificationSummary(time.GetUtcNow(), policy.Environment, Name, item.Image, [], policy.Digest, signer.Version, []) { ResignedFrom = item.From }, signer, cancellationToken);

    private async Task<bool> IsUnchangedAsync(SigningTrust trust, CancellationToken cancellationToken) =>
        (await trusts.ReadAnewAsync(cancellationToken).ConfigureAwait(false)).Attestor.Etag == trust.Attestor.Etag;

    private async Task StoreAsync(IReadOnlyList<ResignItem> items, Attestor attestor, SigningFailures failures, CancellationToken cancellationToken)
    {
        ResignItem[] together = [.. items.Where(item => item is { Place: AttestationPlace.Free, GoesAlone: false })];
        var batches = failures.CollectAsync(together.Chunk(ContainerAnalysisClient.LargestBatch), 1, (batch, token) => StoreTogetherAsync(batch, attestor, token), cancellationToken);
        var single = failures.CollectAsync(items.Except(together), AtOnce, (item, token) => StoreAloneAsync(item, attestor, token), cancellationToken);
        await Task.WhenAll(batches, single).ConfigureAwait(false);
    }

    private async Task StoreTogetherAsync(ResignItem[] items, Attestor attestor, CancellationToken cancellationToken)
    {
        if (await analysis.CreateAttestationsAsync(attestor.Name.Project, [.. items.Select(item => item.New(attestor.Note))], cancellationToken).ConfigureAwait(false) is not { } names)
        {
            Array.ForEach(items, item => item.BatchRefused());
            return;
        }

        foreach (var (item, name) in items.Zip(names))
        {
            item.Stored(name);
        }
    }

    private async Task StoreAloneAsync(ResignItem item, Attestor attestor, CancellationToken cancellationToken)
    {
        if (await store.StoreAsync(attestor.Name.Project, item.Place!, item.New(attestor.Note), cancellationToken).ConfigureAwait(false) is { } name)
        {
            item.Stored(name);
        }
        else
        {
            item.Refused(attestor.Note);
        }
    }

    private async Task KeepAsync(ResignItem item, CancellationToken cancellationToken)
    {
        await records.StoreAsync(Name, item.Image.Digest, item.SignedBy!, item.Record!, cancellationToken).ConfigureAwait(false);
        item.Recorded();
    }

    // Somebody else may have attested it and have left no record; from which attestation it follows is still to be seen.
    private async Task EndAsync(ResignItem item, SigningKeySelection.Selected signer, CancellationToken cancellationToken)
    {
        if (item is { WasThere: false, SignedBy: { } key })
        {
            item.End(new SigningOutcome.Resigned(item.Image, Name, key, new StoredAttestation(item.Image, item.Occurrence!), item.From!));
            return;
        }

        if (item.From is not null && !await records.ExistsAsync(Name, item.Image.Digest, [signer.Version], cancellationToken).ConfigureAwait(false))
        {
            var record = await SignRecordAsync(item, signer, cancellationToken).ConfigureAwait(false);
            await records.StoreAsync(Name, item.Image.Digest, signer.Version, record, cancellationToken).ConfigureAwait(false);
        }

        item.End(new SigningOutcome.AlreadySigned(item.Image, Name));
    }
}
