using System.Runtime.CompilerServices;
using BinAuthz.Approval.Provenance;
using BinAuthz.Approval.Vulnerabilities;
using BinAuthz.Attestations;
using BinAuthz.Images;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Ca = Grafeas.V1;
using GrafeasApi = Grafeas.V1.Grafeas;

namespace BinAuthz.GoogleCloud;

/// <summary>Container Analysis (Grafeas): attestations under a note, and what builds left about an image.</summary>
internal sealed class ContainerAnalysisClient(GoogleChannels channels, TimeProvider time)
{
    /// <summary>How many occurrences one call may create (docs: grafeas.proto).</summary>
    public const int LargestBatch = 1000;

    private const int PageSize = 1000;
    private readonly GrafeasApi.GrafeasClient client = new(channels.For("containeranalysis.googleapis.com"));

    /// <summary>
    /// The attestations of <paramref name="note"/> for any of the digests, whatever the resource URI looks like before
    /// the digest: Binary Authorization looks at the digest alone (docs: making-attestations).
    /// </summary>
    public async Task<IReadOnlyList<Attestation>> ListAttestationsAsync(NoteName note, IReadOnlyCollection<ImageDigest> digests, CancellationToken cancellationToken)
    {
        var filter = string.Join(" OR ", digests.Select(digest => $"has_suffix(resourceUrl, \"{digest.Value}\")"));
        var attestations = new List<Attestation>();
        await foreach (var page in ListAllAttestationsAsync(note, filter, cancellationToken).ConfigureAwait(false))
        {
            attestations.AddRange(page);
        }

        return attestations;
    }

    /// <summary>All attestations of a note, page by page.</summary>
    /// <exception cref="GoogleCallException">NOT_FOUND: there is no such note; OUT_OF_RANGE: the list does not end, or one attestation alone is larger than an answer may be.</exception>
    public IAsyncEnumerable<IReadOnlyList<Attestation>> ListAllAttestationsAsync(NoteName note, CancellationToken cancellationToken) => ListAllAttestationsAsync(note, "", cancellationToken);

    /// <summary>The attestations of a note that a filter lets through, page by page. Pages that are too large for one answer are asked for in parts.</summary>
    /// <exception cref="GoogleCallException">As of the other overload; INVALID_ARGUMENT or UNIMPLEMENTED: the service does not take the filter.</exception>
    public async IAsyncEnumerable<IReadOnlyList<Attestation>> ListAllAttestationsAsync(NoteName note, string filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new Ca.ListNoteOccurrencesRequest { Name = note.ToString(), PageSize = PageSize, Filter = filter };
        var tokens = new PageTokens("ListNoteOccurrences", request.Name);
        do
        {
            var page = await ListNoteOccurrencesAsync(request, cancellationToken).ConfigureAwait(false);
            yield return [.. page.Occurrences.Where(occurrence => occurrence.Attestation is not null).Select(OccurrenceMapping.Attestation)];
            request.PageToken = page.NextPageToken;
        }
        while (tokens.Follow(request.PageToken));
    }

    /// <summary>The attestations of a digest that are stored in <paramref name="project"/>, under whatever note.</summary>
    public async Task<IReadOnlyList<Attestation>> ListAttestationsAsync(string project, ImageDigest digest, CancellationToken cancellationToken)
    {
        var occurrences = await ListOccurrencesAsync(project, $"kind=\"ATTESTATION\" AND has_suffix(resourceUrl, \"{digest.Value}\")", cancellationToken).ConfigureAwait(false);
        return [.. occurrences.Where(occurrence => occurrence.Attestation is not null).Select(OccurrenceMapping.Attestation)];
    }

    /// <summary>Stores an attestation in <paramref name="project"/>. Not retried: a second call could store it twice.</summary>
    /// <returns>The name of the occurrence, or null: the service has one for this note and resource.</returns>
    public async Task<string?> CreateAttestationAsync(string project, Attestation attestation, CancellationToken cancellationToken)
    {
        var parent = $"projects/{project}";
        try
        {
            var stored = await client.CreateOccurrenceAsync(
                new Ca.CreateOccurrenceRequest { Parent = parent, Occurrence = OccurrenceMapping.Occurrence(attestation) }, Routing.To("parent", parent, cancellationToken)).ConfigureAwait(false);
            return stored.Name;
        }
        catch (GoogleCallException error) when (error.Status == StatusCode.AlreadyExists)
        {
            return null;
        }
    }

    /// <summary>Stores up to <see cref="LargestBatch"/> attestations in one call. Not retried: a second call could store them twice.</summary>
    /// <returns>
    /// The names of the occurrences, in the order of the attestations, or null: the service has one of them already. Whether
    /// the others were stored then is not documented, so that whoever gets null must look.
    /// </returns>
    public async Task<IReadOnlyList<string>?> CreateAttestationsAsync(string project, IReadOnlyList<Attestation> attestations, CancellationToken cancellationToken)
    {
        var parent = $"projects/{project}";
        var request = new Ca.BatchCreateOccurrencesRequest { Parent = parent, Occurrences = { attestations.Select(OccurrenceMapping.Occurrence) } };
        try
        {
            var stored = await client.BatchCreateOccurrencesAsync(request, Routing.To("parent", parent, cancellationToken)).ConfigureAwait(false);
            var names = stored.Occurrences.ToLookup(occurrence => occurrence.ResourceUri, occurrence => occurrence.Name);
            return [.. attestations.Select(attestation => names[attestation.ResourceUri].FirstOrDefault()
                ?? throw new CorruptedInTransitException($"BatchCreateOccurrences in {parent} was answered without an occurrence for {attestation.ResourceUri}. The next delivery looks what is stored."))];
        }
        catch (GoogleCallException error) when (error.Status == StatusCode.AlreadyExists)
        {
            return null;
        }
    }

    /// <summary>Replaces payload and signatures of a stored attestation. Whether the service allows more signatures is not documented.</summary>
    /// <exception cref="GoogleCallException">It does not, or there is no such occurrence any more.</exception>
    public async Task UpdateAttestationAsync(Attestation attestation, CancellationToken cancellationToken) =>
        await client.UpdateOccurrenceAsync(
            new Ca.UpdateOccurrenceRequest { Name = attestation.Name, Occurrence = OccurrenceMapping.Occurrence(attestation), UpdateMask = new FieldMask { Paths = { "attestation" } } },
            Routing.To("name", attestation.Name, cancellationToken)).ConfigureAwait(false);

    /// <summary>Deletes an occurrence; one that is gone is no error.</summary>
    public async Task DeleteOccurrenceAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await client.DeleteOccurrenceAsync(new Ca.DeleteOccurrenceRequest { Name = name }, Routing.To("name", name, cancellationToken)).ConfigureAwait(false);
        }
        catch (GoogleCallException error) when (error.Status == StatusCode.NotFound)
        {
            // Another instance was faster, or an answer was lost.
        }
    }

    /// <summary>The signed provenance of an image, from the BUILD occurrences in <paramref name="project"/>.</summary>
    public async Task<IReadOnlyList<ProvenanceEnvelope>> ListProvenanceAsync(string project, ImageReference image, CancellationToken cancellationToken)
    {
        var builds = await ListOccurrencesAsync(project, $"kind=\"BUILD\" AND resourceUrl=\"{image.ResourceUri}\"", cancellationToken).ConfigureAwait(false);
        return [.. builds.Where(occurrence => occurrence.Envelope is not null).Select(OccurrenceMapping.Provenance)];
    }

    /// <summary>What vulnerability scanning found, from the occurrences in <paramref name="project"/>: one entry for each image, in their order.</summary>
    public async Task<IReadOnlyList<ImageScan>> ListScansAsync(string project, IReadOnlyList<ImageReference> images, CancellationToken cancellationToken) =>
        await Task.WhenAll(images.Select(image => ScanAsync(project, image, cancellationToken))).ConfigureAwait(false);

    /// <summary>What an occurrence is about, as its resource URI says, and the name of its note.</summary>
    /// <returns>Null: there is no such occurrence any more.</returns>
    public async Task<OccurrenceSubject?> FindSubjectAsync(string occurrence, CancellationToken cancellationToken)
    {
        try
        {
            var found = await client.GetOccurrenceAsync(new Ca.GetOccurrenceRequest { Name = occurrence }, Routing.To("name", occurrence, cancellationToken)).ConfigureAwait(false);
            return new OccurrenceSubject(found.ResourceUri, found.NoteName);
        }
        catch (GoogleCallException error) when (error.Status == StatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Makes a note of kind ATTESTATION unless there is one.</summary>
    /// <returns>Whether it was made.</returns>
    public Task<bool> EnsureNoteAsync(NoteName note, string humanReadableName, CancellationToken cancellationToken)
    {
        var parent = $"projects/{note.Project}";
        var made = new Ca.Note { Attestation = new Ca.AttestationNote { Hint = new Ca.AttestationNote.Types.Hint { HumanReadableName = humanReadableName } } };
        return Creation.UnlessExistsAsync(client.CreateNoteAsync(
            new Ca.CreateNoteRequest { Parent = parent, NoteId = note.Id, Note = made }, Routing.To("parent", parent, cancellationToken)));
    }

    /// <summary>Whether the note exists.</summary>
    public async Task<bool> NoteExistsAsync(NoteName note, CancellationToken cancellationToken) => await FindNoteAsync(note, cancellationToken).ConfigureAwait(false) is not null;

    /// <summary>What a note is.</summary>
    /// <returns>Null: there is none of that name.</returns>
    public async Task<NoteDescription?> FindNoteAsync(NoteName note, CancellationToken cancellationToken)
    {
        try
        {
            var found = await client.GetNoteAsync(new Ca.GetNoteRequest { Name = note.ToString() }, Routing.To("name", note.ToString(), cancellationToken)).ConfigureAwait(false);
            return new NoteDescription(found.Attestation is not null, found.Attestation?.Hint?.HumanReadableName ?? "");
        }
        catch (GoogleCallException error) when (error.Status == StatusCode.NotFound)
        {
            return null;
        }
    }

    // Whoever may attach to the note decides how large a page is: what is too large comes in smaller pages, which stay small for the rest of the list.
    private async Task<Ca.ListNoteOccurrencesResponse> ListNoteOccurrencesAsync(Ca.ListNoteOccurrencesRequest request, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await client.ListNoteOccurrencesAsync(request, Routing.To("name", request.Name, cancellationToken)).ConfigureAwait(false);
            }
            catch (GoogleCallException error) when (GoogleChannels.IsTooLarge(error))
            {
                request.PageSize = request.PageSize > 1
                    ? request.PageSize / 10
                    : throw new GoogleCallException("ListNoteOccurrences", request.Name, StatusCode.OutOfRange, $"An attestation after the page token '{request.PageToken}' is larger than {GoogleChannels.LargestAnswer} bytes. Find and delete it.", error);
            }
        }
    }

    private async Task<ImageScan> ScanAsync(string project, ImageReference image, CancellationToken cancellationToken)
    {
        var began = time.GetUtcNow();
        var finding = ListOccurrencesAsync(project, ScanOccurrences.FindingFilter(image), cancellationToken);
        var discovering = ListOccurrencesAsync(project, ScanOccurrences.DiscoveryFilter(image), cancellationToken);
        await Task.WhenAll(finding, discovering).ConfigureAwait(false);
        var discoveries = await discovering.ConfigureAwait(false);
        var findings = await finding.ConfigureAwait(false);
        if (discoveries.Exists(discovery => discovery.UpdateTime?.ToDateTimeOffset() >= began))
        {
            // The scan came further while it was read: the findings may be older than the state that vouches for them.
            findings = await ListOccurrencesAsync(project, ScanOccurrences.FindingFilter(image), cancellationToken).ConfigureAwait(false);
        }

        return ScanOccurrences.Read(image.Digest, discoveries, findings);
    }

    private async Task<List<Ca.Occurrence>> ListOccurrencesAsync(string project, string filter, CancellationToken cancellationToken)
    {
        var request = new Ca.ListOccurrencesRequest { Parent = $"projects/{project}", PageSize = PageSize, Filter = filter };
        var tokens = new PageTokens("ListOccurrences", request.Parent);
        var occurrences = new List<Ca.Occurrence>();
        do
        {
            var page = await client.ListOccurrencesAsync(request, Routing.To("parent", request.Parent, cancellationToken)).ConfigureAwait(false);
            occurrences.AddRange(page.Occurrences);
            request.PageToken = page.NextPageToken;
        }
        while (tokens.Follow(request.PageToken));
        return occurrences;
    }
}
