using BinAuthz.Approval;
using BinAuthz.Approval.Provenance;
using BinAuthz.Attestations;
using BinAuthz.Decisions;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;

namespace BinAuthz.Denials;

/// <summary>Reads why an image may have no attestation, in two round trips. What may not be read is told; what does not answer is an exception.</summary>
internal sealed class UnattestedImageReader(ArtifactRegistryClient registry, ContainerAnalysisClient analysis, RefusalRecords refusals, BinAuthzOptions options)
{
    private const int MaximumIndexes = 64;

    /// <summary>Reads it.</summary>
    /// <param name="image">The image.</param>
    /// <param name="attestor">Whose note has no attestation of it.</param>
    /// <param name="notes">The notes that the rule looks at.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="GoogleCallException">A call may succeed later.</exception>
    public async Task<UnattestedImage> ReadAsync(ImageReference image, Attestor attestor, IReadOnlyCollection<NoteName> notes, CancellationToken cancellationToken)
    {
        if (!RepositoryPath.TryParse(image.Name, out var repository))
        {
            return new UnattestedImage(image, attestor) { IsInGooglesRegistry = false };
        }

        var bucket = options.EvidenceBucket is { } named ? new EvidenceBucket(named) : EvidenceBucket.Default(attestor.Name.Project);
        var registering = registry.FindAsync(repository, image.Digest, cancellationToken);
        var indexing = ReadIndexesAsync(image, attestor, repository, cancellationToken);
        var refusing = refusals.FindLatestAsync(bucket, attestor.Name, image.Digest, cancellationToken);
        var building = analysis.ListProvenanceAsync(repository.Project, image, cancellationToken);
        var others = ReadOtherNotesAsync(image, notes, [attestor.Name.Project, attestor.Note.Project, repository.Project], cancellationToken);
        await Task.WhenAll([registering, indexing, refusing, building, others]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var unreadable = new List<string>();
        var registered = await OrAsync(IsRegisteredAsync(registering), null, unreadable).ConfigureAwait(false);
        var (indexes, isComplete) = await OrAsync(indexing, ([], true), unreadable).ConfigureAwait(false);
        var refusal = await OrAsync(refusing, null, unreadable).ConfigureAwait(false);
        var builds = await OrAsync(building, [], unreadable).ConfigureAwait(false);
        var otherNotes = await OrAsync(others, [], unreadable).ConfigureAwait(false);
        if (!isComplete)
        {
            unreadable.Add($"{repository.Parent} has so many images that not all were looked through for an index that holds this one.");
        }

        return new UnattestedImage(image, attestor)
        {
            IsRegistered = registered,
            AttestedIndexes = indexes,
            OtherNotes = otherNotes,
            Refusal = refusal,
            Commit = CommitOf(refusal, builds),
            Unreadable = unreadable,
        };
    }

    private async Task<(IReadOnlyList<ImageReference> Indexes, bool IsComplete)> ReadIndexesAsync(ImageReference image, Attestor attestor, RepositoryPath repository, CancellationToken cancellationToken)
    {
        var (found, isComplete) = await registry.FindIndexesAsync(repository, image.Digest, cancellationToken).ConfigureAwait(false);
        ImageDigest[] indexes = [.. found.Take(MaximumIndexes)];
        if (indexes.Length == 0)
        {
            return ([], isComplete);
        }

        var attestations = await analysis.ListAttestationsAsync(attestor.Note, indexes, cancellationToken).ConfigureAwait(false);
        var verifier = new AttestationVerifier(attestor);
        return ([.. indexes.Where(index => attestations.Any(attestation => verifier.Verify(attestation, index) is AttestationVerdict.Valid)).Select(image.WithDigest)], isComplete && indexes.Length == found.Count);
    }

    private async Task<IReadOnlyList<NoteName>> ReadOtherNotesAsync(ImageReference image, IReadOnlyCollection<NoteName> notes, IEnumerable<string> projects, CancellationToken cancellationToken)
    {
        var lists = await Task.WhenAll(projects.Distinct().Select(project => analysis.ListAttestationsAsync(project, image.Digest, cancellationToken))).ConfigureAwait(false);
        return [.. lists.SelectMany(list => list).Select(attestation => attestation.Note).Where(note => !notes.Contains(note)).Distinct().OrderBy(note => note.ToString(), StringComparer.Ordinal)];
    }

    private static async Task<bool?> IsRegisteredAsync(Task<RegistryImage?> registering) => await registering.ConfigureAwait(false) is not null;

    // The signer verified the provenance; the bytes here are those that it saw.
    private static string CommitOf(Decision? refusal, IReadOnlyList<ProvenanceEnvelope> builds)
    {
        HashSet<EvidenceReference> verified = [.. Flatten(refusal?.Rules ?? []).Where(rule => rule is { Rule: ProvenanceRule.RuleName, Verdict: RuleVerdict.Satisfied }).SelectMany(rule => rule.Evidence)];
        return builds.Where(build => verified.Contains(EvidenceReference.To(build.OccurrenceName, build.Payload.Span))).Select(build => SourceCommit.Of(build.Payload)).FirstOrDefault(commit => commit.Length > 0) ?? "";
    }

    private static IEnumerable<RuleResult> Flatten(IEnumerable<RuleResult> rules) => rules.SelectMany(rule => Flatten(rule.Parts).Prepend(rule));

    private static async Task<T> OrAsync<T>(Task<T> reading, T otherwise, List<string> unreadable)
    {
        try
        {
            return await reading.ConfigureAwait(false);
        }
        catch (Exception error) when (error is FormatException or GoogleCallException { IsTransient: false })
        {
            unreadable.Add(error.Message);
            return otherwise;
        }
    }
}
