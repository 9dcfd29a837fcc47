using BinAuthz.Attestations;
using BinAuthz.Decisions;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;

namespace BinAuthz.Rotation;

/// <summary>
/// Reads what may still be deployed: every digest that an attestor's attestations count for, but for those that their
/// registry has no more or that are older than <see cref="RotationOptions.ImageAgeLimit"/>, unless a pod runs them. Pods
/// are looked for in the attestor's project and in those of the images. Clusters elsewhere are not seen: with such,
/// <see cref="RotationOptions.ReadRunning"/> must be off. Whatever cannot be read makes nothing be left out.
/// </summary>
internal sealed class LiveImageReader(
    ContainerAnalysisClient analysis, ArtifactRegistryClient registry, CloudAssetClient assets, RefusalRecords refusals, EvidenceBucket bucket, BinAuthzOptions options, TimeProvider time)
{
    private const int RefusalsAtOnce = 16;

    /// <summary>Reads what may still be deployed, and what cannot be since a revocation.</summary>
    /// <param name="attestor">With the keys that count now.</param>
    /// <param name="records">What happened to the versions of its key.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="GoogleCallException">The attestations or the evidence bucket cannot be read, or a service does not answer now.</exception>
    public async Task<LiveImages> ReadAsync(Attestor attestor, IReadOnlyList<KeyRecord> records, CancellationToken cancellationToken)
    {
        var warnings = new List<string>();
        var revoked = RevokedVersion.From(attestor, records);
        warnings.AddRange(revoked.Where(version => !version.IsReadable).Select(version => $"The public key that was kept of {version.Version} cannot be read: which images lost their attestation with it is not known."));
        var digests = new AttestedDigests(attestor, revoked);
        await foreach (var page in analysis.ListAllAttestationsAsync(attestor.Note, cancellationToken).ConfigureAwait(false))
        {
            digests.Add(page, cancellationToken);
        }

        if (digests.Unnamed.ToArray() is { Length: > 0 } unnamed)
        {
            warnings.Add($"{unnamed.Length} attested digests, such as {unnamed[0]}, have no image name that can be read, and are not signed anew. If one is deployed, sign it under a full name: registry/repository@{unnamed[0]}.");
        }

        AttestedDigest[] all = [.. digests.All.OrderBy(digest => digest.Digest.Value, StringComparer.Ordinal)];
        var presence = await LocateAsync(attestor, all, warnings, cancellationToken).ConfigureAwait(false);
        LiveImage[] attested = [.. all.Where(digest => digest.KeyIds.Count > 0 && presence.IsDeployable(digest)).Select(digest => new LiveImage(presence.NameOf(digest), digest.KeyIds, presence.IsRunning(digest.Digest)))];
        AffectedImage[] affected = [.. all.Where(digest => digest.KeyIds.Count == 0 && presence.IsThere(digest)).SelectMany(digest => Affected(digest, revoked, presence))];
        return new LiveImages(attested, await WeighedAsync(attestor.Name, affected, revoked, warnings, cancellationToken).ConfigureAwait(false), warnings);
    }

    private static IEnumerable<AffectedImage> Affected(AttestedDigest digest, IReadOnlyList<RevokedVersion> revoked, ImagePresence presence) =>
        from version in revoked
        where digest.Revoked.ContainsKey(version.Version)
        let at = digest.Revoked[version.Version]
        select new AffectedImage(presence.NameOf(digest), version.Version, at, at < version.Since, WasWeighed: false, presence.IsRunning(digest.Digest));

    private async Task<ImagePresence> LocateAsync(Attestor attestor, AttestedDigest[] digests, List<string> warnings, CancellationToken cancellationToken)
    {
        RepositoryPath[] places = [.. digests.SelectMany(digest => digest.Images).Select(image => RepositoryPath.TryParse(image.Name, out var path) ? path : null).OfType<RepositoryPath>()];
        var (running, isKnown) = digests.Length == 0
            ? (new HashSet<ImageDigest>(), false)
            : await RunningAsync([.. places.Select(place => place.Project).Prepend(attestor.Name.Project).Distinct()], warnings, cancellationToken).ConfigureAwait(false);
        var repositories = isKnown ? await RepositoriesAsync(places.Select(place => place.Parent).Distinct(), warnings, cancellationToken).ConfigureAwait(false) : null;
        return new ImagePresence(running, repositories, time.GetUtcNow() - options.Rotation.ImageAgeLimit);
    }

    private async Task<(HashSet<ImageDigest> Digests, bool IsKnown)> RunningAsync(IReadOnlyList<string> projects, List<string> warnings, CancellationToken cancellationToken)
    {
        var digests = new HashSet<ImageDigest>();
        if (!options.Rotation.ReadRunning)
        {
            warnings.Add($"What runs is not read, because {nameof(RotationOptions.ReadRunning)} is off: no image was left out for its age or because its registry has it no more.");
            return (digests, false);
        }

        var (pods, isKnown) = (0, true);
        foreach (var project in projects)
        {
            if (await TryAsync(() => assets.ListRunningAsync(project, cancellationToken), $"What runs in {project}", "no image was left out for its age or because its registry has it no more", warnings).ConfigureAwait(false) is { } running)
            {
                digests.UnionWith(running.Digests);
                pods += running.Pods;
            }
            else
            {
                isKnown = false;
            }
        }

        if (isKnown && pods == 0)
        {
            warnings.Add($"There is no pod in {string.Join(", ", projects)}, so that the clusters must be in other projects: no image was left out for its age or because its registry has it no more.");
        }

        return (digests, isKnown && pods > 0);
    }

    private async Task<Dictionary<string, IReadOnlyList<ListedImage>>> RepositoriesAsync(IEnumerable<string> repositories, List<string> warnings, CancellationToken cancellationToken)
    {
        var listed = new Dictionary<string, IReadOnlyList<ListedImage>>(StringComparer.Ordinal);
        foreach (var repository in repositories)
        {
            if (await TryAsync(() => registry.ListImagesAsync(repository, cancellationToken), $"What is in {repository}", "none of its images was left out", warnings).ConfigureAwait(false) is { } images)
            {
                listed[repository] = images;
            }
        }

        return listed;
    }

    // What may succeed later is thrown: the next run is to see it.
    private static async Task<T?> TryAsync<T>(Func<Task<T>> read, string what, string consequence, List<string> warnings)
        where T : class
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (GoogleCallException error) when (!error.IsTransient)
        {
            warnings.Add($"{what} could not be read, therefore {consequence}. {error.Message}");
            return null;
        }
    }

    private async Task<IReadOnlyList<AffectedImage>> WeighedAsync(AttestorName attestor, AffectedImage[] affected, IReadOnlyList<RevokedVersion> revoked, List<string> warnings, CancellationToken cancellationToken)
    {
        var latest = new System.Collections.Concurrent.ConcurrentDictionary<ImageDigest, DateTimeOffset>();
        var unreadable = new System.Collections.Concurrent.ConcurrentBag<string>();
        await Parallel.ForEachAsync(affected.Select(image => image.Image.Digest).Distinct(), new ParallelOptions { MaxDegreeOfParallelism = RefusalsAtOnce, CancellationToken = cancellationToken }, async (digest, stop) =>
        {
            try
            {
                latest[digest] = (await refusals.FindLatestAsync(bucket, attestor, digest, stop).ConfigureAwait(false))?.Time ?? DateTimeOffset.MinValue;
            }
            catch (FormatException error)
            {
                unreadable.Add($"Whether approval has refused {digest} since the revocation is not known: {error.Message}");
            }
        }).ConfigureAwait(false);
        warnings.AddRange(unreadable.Order(StringComparer.Ordinal));
        var revocations = revoked.ToDictionary(version => version.Version, version => version.At);
        return [.. affected.Select(image => image with { WasWeighed = latest.TryGetValue(image.Image.Digest, out var refused) && refused > revocations[image.Version] })];
    }
}
