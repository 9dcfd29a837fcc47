using BinAuthz.Admission;
using BinAuthz.Checkup;
using BinAuthz.Checkup.Facts;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using Authz = Google.Cloud.BinaryAuthorization.V1;

namespace BinAuthz.Auditing.Scanning;

/// <summary>Reads which images the protected repositories keep and the clusters run.</summary>
internal sealed class SubjectReader(ArtifactRegistryClient registry, IndexReader indexes, LocationClient locations, CloudAssetClient assets)
{
    private const string Host = "artifactregistry.googleapis.com";

    /// <summary>Reads them.</summary>
    /// <param name="reader">Reads facts.</param>
    /// <param name="request">What is audited.</param>
    /// <param name="policy">What it admits without asking needs no attestations.</param>
    /// <param name="cancellationToken">Stops between two calls.</param>
    public async Task<ScannedSubjects> ReadAsync(FactReader reader, AuditRequest request, Fact<Authz.Policy> policy, CancellationToken cancellationToken)
    {
        string[] projects = request.Options.Projects is { Count: > 0 } named ? [.. named.Distinct(StringComparer.Ordinal)] : [request.Project];
        var running = Task.WhenAll(projects.Select(project => reader.ReadAsync(Access.Pods, stop => assets.ListRunningAsync(project, stop), cancellationToken)));
        var repositories = await RepositoriesAsync(reader, request, cancellationToken).ConfigureAwait(false);
        var names = repositories.SelectMany(each => each.Or([])).Distinct(StringComparer.Ordinal);
        var stored = await Task.WhenAll(names.Select(name => reader.ReadAsync(Access.ImageList, stop => ListAsync(name, stop), cancellationToken))).ConfigureAwait(false);
        var pods = await running.ConfigureAwait(false);
        Obstacle[] obstacles = [.. Obstacles(repositories), .. Obstacles(stored), .. Obstacles(pods)];
        return new ScannedSubjects(ScanSubjects.Gather(stored.Select(each => each.Or([])), pods.Select(each => each.Or(new RunningImages(new HashSet<ImageDigest>(), 0))), policy is Fact<Authz.Policy>.Known known ? Exempt(known.Value) : []), obstacles)
        {
            ExemptionsUnknown = policy is Fact<Authz.Policy>.Unknown unknown ? unknown.Why : null,
        };
    }

    /// <summary>What a policy admits without asking for attestations. Of Google's own images a part is known here.</summary>
    internal static IReadOnlyList<ImagePattern> Exempt(Authz.Policy policy) =>
    [
        .. AdmissionPolicyReader.Patterns(policy).Patterns,
        .. policy.GlobalPolicyEvaluationMode == Authz.Policy.Types.GlobalPolicyEvaluationMode.Enable ? SystemPolicyExcerpt.Patterns : [],
    ];

    private async Task<IReadOnlyList<ListedImage>> ListAsync(string repository, CancellationToken cancellationToken) =>
        await indexes.CompleteAsync(await registry.ListImagesAsync(repository, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    private async Task<IReadOnlyList<Fact<IReadOnlyList<string>>>> RepositoriesAsync(FactReader reader, AuditRequest request, CancellationToken cancellationToken)
    {
        if (request.Options.Repositories.Count > 0)
        {
            return [new Fact<IReadOnlyList<string>>.Known([.. request.Options.Repositories])];
        }

        var found = await reader.ReadAsync(Access.Repositories, stop => locations.ListAsync(Host, request.Project, stop), cancellationToken).ConfigureAwait(false);
        return found is Fact<IReadOnlyList<string>>.Known known
            ? await Task.WhenAll(known.Value.Select(location => reader.ReadAsync(Access.Repositories, stop => registry.ListRepositoriesAsync(location, stop), cancellationToken))).ConfigureAwait(false)
            : [found];
    }

    private static IEnumerable<Obstacle> Obstacles<T>(IEnumerable<Fact<T>> facts) => facts.OfType<Fact<T>.Unknown>().Select(fact => fact.Why);
}
