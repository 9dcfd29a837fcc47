using BinAuthz.GoogleCloud;
using BinAuthz.Signing;

namespace BinAuthz.Rotation;

/// <summary>Reads the state that a rotation is decided by: all of it, each time.</summary>
internal sealed class RotationStateReader(BinaryAuthorizationClient authorization, KeyManagementClient kms, KeyRecords records, LiveImageReader images, TaintReader taints)
{
    /// <summary>Reads it; the images only if they have a say.</summary>
    /// <param name="subject">Whose key is rotated.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RotationException">There is no such attestor or key.</exception>
    public Task<RotationState> ReadAsync(SigningIdentity subject, CancellationToken cancellationToken) => ReadAsync(subject, withImages: false, cancellationToken);

    /// <summary>Reads it, and the images also if they have no say.</summary>
    /// <param name="subject">Whose key is rotated.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RotationException">There is no such attestor or key.</exception>
    public Task<RotationState> ReadWithImagesAsync(SigningIdentity subject, CancellationToken cancellationToken) => ReadAsync(subject, withImages: true, cancellationToken);

    private async Task<RotationState> ReadAsync(SigningIdentity subject, bool withImages, CancellationToken cancellationToken)
    {
        var finding = authorization.FindAttestorAsync(subject.Attestor, cancellationToken);
        var describing = kms.FindKeyAsync(subject.Key, cancellationToken);
        await Task.WhenAll(finding, describing).ConfigureAwait(false);
        var attestor = await finding.ConfigureAwait(false)
            ?? throw new RotationException($"There is no attestor {subject.Attestor}. Make it with `binauthz setup`, or name another.");
        var key = await describing.ConfigureAwait(false)
            ?? throw new RotationException($"There is no key {subject.Key}. Make it with `binauthz setup`, or name another in {BinAuthzOptions.Section}:{nameof(BinAuthzOptions.Key)}.");

        // After the attestor: why it lists a version no more is recorded before it is removed, and every version that it lists is there.
        var recorded = records.ReadAsync(subject.Attestor, subject.Key, cancellationToken);
        var listed = kms.ListVersionsAsync(subject.Key, cancellationToken);
        await Task.WhenAll(recorded, listed).ConfigureAwait(false);
        var state = new RotationState(attestor, subject.Key, key.Template, await listed.ConfigureAwait(false), await recorded.ConfigureAwait(false), null);
        if (!withImages && !state.NeedsImages)
        {
            return state;
        }

        var live = await images.ReadAsync(attestor, state.Records, cancellationToken).ConfigureAwait(false);
        state = state with { Live = live };
        return state with { Live = live with { Tainted = await taints.FindAsync(state, cancellationToken).ConfigureAwait(false) } };
    }
}
