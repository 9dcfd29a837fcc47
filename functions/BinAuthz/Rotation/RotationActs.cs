using BinAuthz.Attestations;
using BinAuthz.GoogleCloud;
using BinAuthz.Keys;
using BinAuthz.Signing;
using Grpc.Core;

namespace BinAuthz.Rotation;

/// <summary>Performs the steps that change keys and trust. Each can be done twice.</summary>
internal sealed class RotationActs(KeyManagementClient kms, BinaryAuthorizationClient authorization, KeyRecords records, TimeProvider time)
{
    private const int Attempts = 10;
    private static readonly TimeSpan RecordPatience = TimeSpan.FromSeconds(5);

    /// <summary>Performs one step on the state that it was decided on.</summary>
    /// <exception cref="GoogleCallException">ABORTED, FAILED_PRECONDITION: what it changes is not as it was read any more.</exception>
    /// <exception cref="RotationException">Cloud KMS returned a public key that cannot be used.</exception>
    public Task PerformAsync(RotationState state, RotationStep step, CancellationToken cancellationToken) => step switch
    {
        RotationStep.RecordTrust record => RecordAsync(state, record.Version, cancellationToken),
        RotationStep.RecordClear clear => RecordClearAsync(state, clear, cancellationToken),
        RotationStep.CreateVersion create => kms.CreateVersionAsync(state.Key, create.Algorithm, cancellationToken),
        RotationStep.Trust trust => TrustAsync(state, trust, cancellationToken),
        RotationStep.Distrust distrust => DistrustAsync(state, distrust, cancellationToken),
        RotationStep.Disable disable => kms.DisableAsync(disable.Version, cancellationToken),
        RotationStep.ScheduleDestroy destroy => kms.ScheduleDestroyAsync(destroy.Version, cancellationToken),
        _ => throw new InvalidOperationException($"{step.GetType().Name} is not a step that is performed here."),
    };

    /// <summary>Records a revocation, takes the trust away, and disables the version. Trust goes even if the record cannot be kept.</summary>
    /// <exception cref="RotationException">The version is not one of the key's, or nothing is known of it.</exception>
    /// <exception cref="GoogleCallException">A call was refused or not answered. What was done stays done; the same request again does the rest.</exception>
    public async Task RevokeAsync(SigningIdentity subject, RevocationRequest request, CancellationToken cancellationToken)
    {
        if (request.Version.Key != subject.Key)
        {
            throw new RotationException($"{request.Version} is no version of {subject.Key}, which signs for {subject.Attestor}. Name the version as projects/P/locations/L/keyRings/R/cryptoKeys/K/cryptoKeyVersions/N.");
        }

        var attestor = await authorization.FindAttestorAsync(subject.Attestor, cancellationToken).ConfigureAwait(false)
            ?? throw new RotationException($"There is no attestor {subject.Attestor}.");

        // The record first, for a run that finds it does the rest if this one is stopped. But neither a bucket that is gone nor one that is slow may keep the trust alive.
        var recording = RecordAsync(attestor, request, cancellationToken);
        await recording.WaitAsync(RecordPatience, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (recording.Exception?.InnerException is RotationException && !Lists(attestor, request.Version))
        {
            await recording.ConfigureAwait(false);
        }

        var removing = RemoveAsync(attestor, request.Version, cancellationToken);
        await Task.WhenAll(removing, DisableAfterAsync(removing, request.Version, cancellationToken), recording).ConfigureAwait(false);
    }

    private static bool Lists(Attestor attestor, KeyVersionName version) => attestor.Keys.Any(key => key.Id == version.PublicKeyId);

    private async Task RemoveAsync(Attestor attestor, KeyVersionName version, CancellationToken cancellationToken)
    {
        for (var attempt = 1; Lists(attestor, version); attempt++)
        {
            try
            {
                await authorization.RemoveKeyAsync(attestor, version.PublicKeyId, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (GoogleCallException error) when (error.Status == StatusCode.Aborted && attempt < Attempts)
            {
                attestor = await authorization.FindAttestorAsync(attestor.Name, cancellationToken).ConfigureAwait(false) ?? throw new RotationException($"{attestor.Name} has just been deleted, and with it all trust.");
            }
        }
    }

    // Also if the trust could not be taken away: then it matters even more that nobody can sign.
    private async Task DisableAfterAsync(Task removing, KeyVersionName version, CancellationToken cancellationToken)
    {
        await removing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await kms.DisableAsync(version, cancellationToken).ConfigureAwait(false);
        }
        catch (GoogleCallException error) when (error.Status is StatusCode.FailedPrecondition or StatusCode.NotFound)
        {
            // Destroyed, about to be, or never there: it signs no more.
        }
    }

    private async Task RecordAsync(Attestor attestor, RevocationRequest request, CancellationToken cancellationToken)
    {
        var (pem, algorithm) = await FindKeyAsync(attestor, request.Version, cancellationToken).ConfigureAwait(false)
            ?? throw new RotationException(Lists(attestor, request.Version)
                ? $"{attestor.Name} listed {request.Version} with a key that cannot be read, and neither a record nor Cloud KMS gives another. Its trust is taken away; there is no record of it, so look after the successor: enable or make a version, and add it with `binauthz setup`."
                : $"Nothing is known of {request.Version}: {attestor.Name} does not list it, no record tells of it, and Cloud KMS gives no public key. There is no trust to take away.");
        var record = new KeyRecord(request.Version, KeyRecordKind.Revoked, time.GetUtcNow(), pem, algorithm, request.Reason) { CompromisedSince = request.CompromisedSince, By = request.By };
        await records.StoreAsync(attestor.Name, record, cancellationToken).ConfigureAwait(false);
    }

    private async Task<(string Pem, SignatureAlgorithm Algorithm)?> FindKeyAsync(Attestor attestor, KeyVersionName version, CancellationToken cancellationToken)
    {
        if (attestor.Keys.FirstOrDefault(key => key.Id == version.PublicKeyId) is { Pem: { } listed, Algorithm: { } known })
        {
            return (listed, known);
        }

        var recorded = await records.ReadAsync(attestor.Name, version.Key, cancellationToken).ConfigureAwait(false);
        if (recorded.FirstOrDefault(record => record.Version == version) is { } record)
        {
            return (record.Pem, record.Algorithm);
        }

        try
        {
            var (pem, algorithm) = await kms.GetPublicKeyAsync(version, cancellationToken).ConfigureAwait(false);
            return algorithm is null ? null : (pem, algorithm);
        }
        catch (GoogleCallException error) when (error.Status is StatusCode.FailedPrecondition or StatusCode.NotFound)
        {
            return null;
        }
    }

    private Task RecordAsync(RotationState state, KeyVersionName version, CancellationToken cancellationToken) =>
        StoreAsync(state, version, KeyRecordKind.Trusted, "the attestor lists it", cancellationToken);

    private Task RecordClearAsync(RotationState state, RotationStep.RecordClear clear, CancellationToken cancellationToken)
    {
        var revoked = state.RecordsOf(clear.Version).First(record => record.Kind == KeyRecordKind.Revoked);
        return records.StoreAsync(state.Attestor.Name, new KeyRecord(clear.Version, KeyRecordKind.Cleared, time.GetUtcNow(), revoked.Pem, revoked.Algorithm, clear.Detail), cancellationToken);
    }

    private async Task TrustAsync(RotationState state, RotationStep.Trust trust, CancellationToken cancellationToken)
    {
        var (pem, algorithm) = await kms.GetPublicKeyAsync(trust.Version, cancellationToken).ConfigureAwait(false);
        var problem = "its algorithm is none of Binary Authorization's";
        if (algorithm is null || !PublicKey.TryFromPem(pem, algorithm, out _, out problem))
        {
            throw new RotationException($"The public key that Cloud KMS returns for {trust.Version} cannot be used for attestations: {problem}. Disable that version; the next run makes another.");
        }

        var comment = $"{TrustedSince.Comment(time.GetUtcNow())}, because {trust.Why}";
        await authorization.AddKeyAsync(state.Attestor, new AttestorKey(trust.Version.PublicKeyId, pem, algorithm, comment), cancellationToken).ConfigureAwait(false);
    }

    // The record first: a version that lost trust without one would be left enabled, as one that a person removed.
    private async Task DistrustAsync(RotationState state, RotationStep.Distrust distrust, CancellationToken cancellationToken)
    {
        if (!distrust.IsRevoked)
        {
            await StoreAsync(state, distrust.Version, KeyRecordKind.Retired, distrust.Why, cancellationToken).ConfigureAwait(false);
        }

        await authorization.RemoveKeyAsync(state.Attestor, distrust.Version.PublicKeyId, cancellationToken).ConfigureAwait(false);
    }

    private Task StoreAsync(RotationState state, KeyVersionName version, KeyRecordKind kind, string reason, CancellationToken cancellationToken)
    {
        var key = state.Trusted.First(trusted => trusted.Version.Name == version).Key;
        return records.StoreAsync(state.Attestor.Name, new KeyRecord(version, kind, time.GetUtcNow(), key.Pem!, key.Algorithm!, reason), cancellationToken);
    }
}
