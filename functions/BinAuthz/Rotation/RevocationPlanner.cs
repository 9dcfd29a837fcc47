using BinAuthz.Signing;

namespace BinAuthz.Rotation;

/// <summary>Tells what a revocation would do, by reading the images as if it had been done.</summary>
internal sealed class RevocationPlanner(RotationStateReader states, LiveImageReader images, TaintReader taints, TimeProvider time)
{
    /// <summary>Plans it, and changes nothing.</summary>
    /// <param name="subject">Whose key.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RotationException">The version is not one of the key's.</exception>
    public async Task<RevocationPlan> PlanAsync(SigningIdentity subject, RevocationRequest request, CancellationToken cancellationToken)
    {
        var state = await states.ReadAsync(subject, cancellationToken).ConfigureAwait(false);
        if (state.Versions.All(version => version.Name != request.Version) && !state.IsTrusted(request.Version))
        {
            throw new RotationException($"{request.Version} is no version of {subject.Key}, which signs for {subject.Attestor}. `binauthz rotate status` lists them.");
        }

        var left = state.Attestor with { Keys = [.. state.Attestor.Keys.Where(key => key.Id != request.Version.PublicKeyId)] };
        KeyRecord[] revoked = Record(state, request) is { } record ? [record] : [];
        var after = state with { Attestor = left, Records = [.. state.Records, .. revoked] };
        var live = await images.ReadAsync(left, after.Records, cancellationToken).ConfigureAwait(false);
        var tainted = await taints.FindAsync(after with { Live = live }, cancellationToken).ConfigureAwait(false);
        return new RevocationPlan(
            request,
            state.IsTrusted(request.Version),
            [.. state.Trusted.Select(trusted => trusted.Version.Name).Where(name => name != request.Version && !state.IsRevoked(name))],
            [.. live.Affected.Where(image => image.Version == request.Version)],
            live.Attested.Count,
            live.Warnings)
        {
            Tainted = [.. tainted.Where(image => image.Version == request.Version)],
        };
    }

    // Without a public key there is nothing that it could have attested validly.
    private KeyRecord? Record(RotationState state, RevocationRequest request)
    {
        var listed = state.Attestor.Keys.FirstOrDefault(key => key.Id == request.Version.PublicKeyId);
        var recorded = state.RecordsOf(request.Version).FirstOrDefault();
        return (listed?.Pem ?? recorded?.Pem) is { } pem && (listed?.Algorithm ?? recorded?.Algorithm) is { } algorithm
            ? new KeyRecord(request.Version, KeyRecordKind.Revoked, time.GetUtcNow(), pem, algorithm, request.Reason) { CompromisedSince = request.CompromisedSince, By = request.By }
            : null;
    }
}
