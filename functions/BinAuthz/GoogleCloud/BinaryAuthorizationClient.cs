using BinAuthz.Attestations;
using BinAuthz.Keys;
using Google.Protobuf;
using Grpc.Core;
using Authz = Google.Cloud.BinaryAuthorization.V1;
using Ca = Grafeas.V1;

namespace BinAuthz.GoogleCloud;

/// <summary>Binary Authorization: attestors, the project's policy, and the service's own opinion of an attestation.</summary>
internal sealed class BinaryAuthorizationClient(GoogleChannels channels)
{
    private const string Host = "binaryauthorization.googleapis.com";

    // A project has 200 attestors at most (docs: binary-authorization/quotas).
    private const int LargestPage = 200;
    private readonly Authz.BinauthzManagementServiceV1.BinauthzManagementServiceV1Client management = new(channels.For(Host));
    private readonly Authz.ValidationHelperV1.ValidationHelperV1Client validation = new(channels.For(Host));
    private readonly Authz.SystemPolicyV1.SystemPolicyV1Client system = new(channels.For(Host));

    /// <summary>Reads an attestor.</summary>
    /// <returns>Null: there is none of that name.</returns>
    public async Task<Attestor?> FindAttestorAsync(AttestorName name, CancellationToken cancellationToken)
    {
        try
        {
            return Read(await management.GetAttestorAsync(new Authz.GetAttestorRequest { Name = name.ToString() }, Routing.To("name", name.ToString(), cancellationToken)).ConfigureAwait(false));
        }
        catch (GoogleCallException error) when (error.Status == StatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>All attestors of a project.</summary>
    /// <exception cref="FormatException">One of them has no note of its own.</exception>
    public async Task<IReadOnlyList<Attestor>> ListAttestorsAsync(string project, CancellationToken cancellationToken)
    {
        var attestors = new List<Attestor>();
        var request = new Authz.ListAttestorsRequest { Parent = $"projects/{project}", PageSize = LargestPage };
        var tokens = new PageTokens("ListAttestors", request.Parent);
        do
        {
            var page = await management.ListAttestorsAsync(request, Routing.To("parent", request.Parent, cancellationToken)).ConfigureAwait(false);
            attestors.AddRange(page.Attestors.Select(Read));
            request.PageToken = page.NextPageToken;
        }
        while (tokens.Follow(request.PageToken));
        return attestors;
    }

    /// <summary>Makes an attestor without keys unless there is one.</summary>
    /// <returns>Whether it was made.</returns>
    public Task<bool> EnsureAttestorAsync(AttestorName name, NoteName note, CancellationToken cancellationToken)
    {
        var parent = $"projects/{name.Project}";
        var made = new Authz.Attestor { Name = name.ToString(), UserOwnedGrafeasNote = new Authz.UserOwnedGrafeasNote { NoteReference = note.ToString() } };
        return Creation.UnlessExistsAsync(management.CreateAttestorAsync(
            new Authz.CreateAttestorRequest { Parent = parent, AttestorId = name.Id, Attestor = made }, Routing.To("parent", parent, cancellationToken)));
    }

    /// <summary>Adds a key to an attestor: the whole attestor is read, changed and put back under its etag, so that two writers lose nothing.</summary>
    /// <returns>False: the attestor has a key of this id.</returns>
    /// <exception cref="GoogleCallException">ABORTED: somebody else changed the attestor meanwhile; the same call may succeed now.</exception>
    public async Task<bool> AddKeyAsync(AttestorName name, AttestorKey key, CancellationToken cancellationToken)
    {
        var attestor = await management.GetAttestorAsync(new Authz.GetAttestorRequest { Name = name.ToString() }, Routing.To("name", name.ToString(), cancellationToken)).ConfigureAwait(false);
        if (attestor.UserOwnedGrafeasNote.PublicKeys.Any(existing => existing.Id == key.Id))
        {
            return false;
        }

        attestor.UserOwnedGrafeasNote.PublicKeys.Add(Describe(key));
        await management.UpdateAttestorAsync(new Authz.UpdateAttestorRequest { Attestor = attestor }, Routing.To("attestor.name", attestor.Name, cancellationToken)).ConfigureAwait(false);
        return true;
    }

    /// <summary>Adds a key to an attestor that is as it was read.</summary>
    /// <param name="read">The attestor that the decision was made on; its etag guards against a change that was not seen.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="GoogleCallException">ABORTED: somebody else changed the attestor meanwhile; decide anew.</exception>
    public Task AddKeyAsync(Attestor read, AttestorKey key, CancellationToken cancellationToken) =>
        ChangeAsync(read, note => note.PublicKeys.Add(Describe(key)), cancellationToken);

    /// <summary>Removes a key from an attestor that is as it was read, in the same way.</summary>
    /// <param name="read">The attestor that the decision was made on.</param>
    /// <param name="id">The id of the key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="GoogleCallException">ABORTED: somebody else changed the attestor meanwhile; decide anew.</exception>
    public Task RemoveKeyAsync(Attestor read, string id, CancellationToken cancellationToken) =>
        ChangeAsync(read, note => Remove(note, id), cancellationToken);

    /// <summary>The project's policy; where none was set, the default one.</summary>
    public async Task<Authz.Policy> GetPolicyAsync(string project, CancellationToken cancellationToken)
    {
        var name = $"projects/{project}/policy";
        return await management.GetPolicyAsync(new Authz.GetPolicyRequest { Name = name }, Routing.To("name", name, cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>Google's own policy in a location, which admits the images of GKE.</summary>
    public async Task<Authz.Policy> GetSystemPolicyAsync(string location, CancellationToken cancellationToken)
    {
        var name = $"locations/{location}/policy";
        return await system.GetSystemPolicyAsync(new Authz.GetSystemPolicyRequest { Name = name }, Routing.To("name", name, cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>Replaces the project's policy. The etag in <paramref name="policy"/> guards against a change that was not seen.</summary>
    public async Task UpdatePolicyAsync(Authz.Policy policy, CancellationToken cancellationToken) =>
        await management.UpdatePolicyAsync(new Authz.UpdatePolicyRequest { Policy = policy }, Routing.To("policy.name", policy.Name, cancellationToken)).ConfigureAwait(false);

    /// <summary>Asks the service whether it would accept an attestation; the attestation need not be stored.</summary>
    /// <returns>Null: it would. Otherwise its reason, whose wording is not documented.</returns>
    public async Task<string?> RefusalAsync(AttestorName attestor, Attestation attestation, CancellationToken cancellationToken)
    {
        var request = new Authz.ValidateAttestationOccurrenceRequest
        {
            Attestor = attestor.ToString(),
            OccurrenceNote = attestation.Note.ToString(),
            OccurrenceResourceUri = attestation.ResourceUri,
            Attestation = new Ca.AttestationOccurrence { SerializedPayload = ByteString.CopyFrom(attestation.Payload.Span) },
        };
        request.Attestation.Signatures.AddRange(attestation.Signatures.Select(signature =>
            new Ca.Signature { PublicKeyId = signature.PublicKeyId, Signature_ = ByteString.CopyFrom(signature.Value.Span) }));
        var answer = await validation.ValidateAttestationOccurrenceAsync(request, Routing.To("attestor", request.Attestor, cancellationToken)).ConfigureAwait(false);
        return answer.Result == Authz.ValidateAttestationOccurrenceResponse.Types.Result.Verified ? null : answer.DenialReason;
    }

    // The whole attestor is put back, so what this library does not know of it must be read too.
    private async Task ChangeAsync(Attestor read, Action<Authz.UserOwnedGrafeasNote> change, CancellationToken cancellationToken)
    {
        var name = read.Name.ToString();
        var attestor = await management.GetAttestorAsync(new Authz.GetAttestorRequest { Name = name }, Routing.To("name", name, cancellationToken)).ConfigureAwait(false);
        if (attestor.Etag != read.Etag)
        {
            throw new GoogleCallException("UpdateAttestor", name, StatusCode.Aborted, "it was changed since it was read.");
        }

        change(attestor.UserOwnedGrafeasNote);
        await management.UpdateAttestorAsync(new Authz.UpdateAttestorRequest { Attestor = attestor }, Routing.To("attestor.name", name, cancellationToken)).ConfigureAwait(false);
    }

    // All of that id: nothing says that there is one only.
    private static void Remove(Authz.UserOwnedGrafeasNote note, string id)
    {
        foreach (var key in note.PublicKeys.Where(key => key.Id == id).ToArray())
        {
            note.PublicKeys.Remove(key);
        }
    }

    private static Authz.AttestorPublicKey Describe(AttestorKey key) => new()
    {
        Id = key.Id,
        Comment = key.Comment,
        PkixPublicKey = new Authz.PkixPublicKey { PublicKeyPem = key.Pem, SignatureAlgorithm = key.Algorithm!.BinAuthz },
    };

    /// <summary>An attestor as the API describes it.</summary>
    /// <exception cref="FormatException">It has no name, or no note of its own.</exception>
    internal static Attestor Read(Authz.Attestor attestor) => new(
        AttestorName.Parse(attestor.Name),
        NoteName.Parse(attestor.UserOwnedGrafeasNote?.NoteReference ?? ""),
        [.. attestor.UserOwnedGrafeasNote!.PublicKeys.Select(key => new AttestorKey(
            key.Id,
            key.PkixPublicKey?.PublicKeyPem,
            key.PkixPublicKey is { } pkix ? SignatureAlgorithm.FromBinAuthz(pkix.SignatureAlgorithm) : null,
            key.Comment))],
        attestor.Etag);
}
