using BinAuthz.Admission;
using BinAuthz.Checking;
using BinAuthz.Checkup.Checks;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using Authz = Google.Cloud.BinaryAuthorization.V1;

namespace BinAuthz.Checkup.Facts;

/// <summary>Reads what is known of one image.</summary>
internal sealed class ImageReader(ArtifactRegistryClient registry, AdmissionEvidenceReader evidence)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="FormatException">The text is no image.</exception>
    public async Task<ImageFacts> ReadAsync(FactReader reader, CheckupRequest request, string text, PolicyFacts policies, CancellationToken cancellationToken)
    {
        var exact = text.Contains('@', StringComparison.Ordinal) ? ImageReference.Parse(text) : null;
        var tagged = exact is null ? TaggedImage.Parse(text) : null;
        Fact<ImageDigest?>? digest = RepositoryPath.TryParse(exact?.Name ?? tagged!.Name, out var repository)
            ? await reader.ReadAsync(Access.Images, stop => FindAsync(repository, exact, tagged, stop), cancellationToken).ConfigureAwait(false)
            : null;
        var image = exact ?? (digest?.Or(null) is { } resolved ? tagged!.WithDigest(resolved) : null);
        return new ImageFacts(text, digest, image, image is null ? null : await EvidenceAsync(reader, request, image, policies, cancellationToken).ConfigureAwait(false));
    }

    private async Task<ImageDigest?> FindAsync(RepositoryPath repository, ImageReference? exact, TaggedImage? tagged, CancellationToken cancellationToken) =>
        exact is null ? await registry.FindDigestAsync(repository, tagged!.Tag, cancellationToken).ConfigureAwait(false)
        : await registry.FindAsync(repository, exact.Digest, cancellationToken).ConfigureAwait(false) is null ? null
        : exact.Digest;

    private async Task<Fact<AdmissionEvidence>?> EvidenceAsync(FactReader reader, CheckupRequest request, ImageReference image, PolicyFacts policies, CancellationToken cancellationToken)
    {
        if (policies.Policy is not Fact<Authz.Policy>.Known known || Places.TryRead(known.Value, $"projects/{request.Project}/policy") is not { } policy)
        {
            return null;
        }

        var patterns = policies.System is Fact<Authz.Policy>.Known system ? AdmissionPolicyReader.Patterns(system.Value).Patterns : [];
        var pod = Places.Pod(Places.Namespace, image.ToString());
        var needs = Places.Of(policy, request.Cluster).SelectMany(cluster => AdmissionNeeds.Of(policy, patterns, [pod], cluster).Digests).DistinctBy(need => need.Key);
        return await reader.ReadAsync(Access.NoteOccurrences, stop => evidence.ReadAsync(new AdmissionNeeds(needs.ToDictionary()), stop), cancellationToken).ConfigureAwait(false);
    }
}
