using BinAuthz.Attestations;
using BinAuthz.GoogleCloud;
using BinAuthz.Keys;

namespace BinAuthz.Checkup.Facts;

/// <summary>Reads an attestor, its note and its key, and asks what the caller may do with them.</summary>
internal sealed class AttestorReader(BinaryAuthorizationClient authorization, KeyManagementClient kms, ContainerAnalysisClient analysis, IamClient iam)
{
    private const string Kms = "cloudkms.googleapis.com";
    private const string BinaryAuthorization = "binaryauthorization.googleapis.com";
    private const string ContainerAnalysis = "containeranalysis.googleapis.com";

    /// <summary>Reads them.</summary>
    public async Task<AttestorFacts> ReadAsync(FactReader reader, CheckupAttestor subject, CancellationToken cancellationToken)
    {
        var attestorRead = reader.ReadAsync(Access.Attestor, stop => authorization.FindAttestorAsync(subject.Name, stop), cancellationToken);
        var keyRead = reader.ReadAsync(Access.Key, stop => kms.FindKeyAsync(subject.Key, stop), cancellationToken);
        await Task.WhenAll(attestorRead, keyRead).ConfigureAwait(false);
        var attestor = await attestorRead.ConfigureAwait(false);
        var key = await keyRead.ConfigureAwait(false);
        var note = attestor.Or(null)?.Note;
        var detailsRead = ReadKeyAsync(reader, subject.Key, key, attestor.Or(null), cancellationToken);
        var description = note is null ? null : await reader.ReadAsync(Access.Note, stop => analysis.FindNoteAsync(note, stop), cancellationToken).ConfigureAwait(false);
        var permissions = await ReadPermissionsAsync(reader, subject, attestor.Or(null), description?.Or(null) is not null, key.Or(null) is not null, cancellationToken).ConfigureAwait(false);
        return new AttestorFacts(subject, attestor, await detailsRead.ConfigureAwait(false), description, permissions);
    }

    private async Task<Fact<KeyFacts?>> ReadKeyAsync(FactReader reader, KeyName name, Fact<KeyDescription?> key, Attestor? attestor, CancellationToken cancellationToken)
    {
        if (key is Fact<KeyDescription?>.Unknown unknown)
        {
            return new Fact<KeyFacts?>.Unknown(unknown.Why);
        }

        if (key.Or(null) is not { } description)
        {
            return new Fact<KeyFacts?>.Known(null);
        }

        var versions = await reader.ReadAsync(Access.KeyVersions, stop => kms.ListVersionsAsync(name, stop), cancellationToken).ConfigureAwait(false);
        KeyVersionName[] listed = [.. versions.Or([]).Where(version => version.IsEnabled && attestor?.Keys.Any(each => each.Id == version.Name.PublicKeyId) == true).Select(version => version.Name)];
        var keys = await Task.WhenAll(listed.Select(version => reader.ReadAsync(
            Access.PublicKey,
            async stop =>
            {
                var (pem, algorithm) = await kms.GetPublicKeyAsync(version, stop).ConfigureAwait(false);
                return new KmsPublicKey(pem, algorithm);
            },
            cancellationToken))).ConfigureAwait(false);
        return new Fact<KeyFacts?>.Known(new KeyFacts(description, versions, listed.Zip(keys).ToDictionary(each => each.First, each => each.Second)));
    }

    // Of what is missing, nobody holds permissions, and that it is missing is told elsewhere.
    private Task<HeldPermissions[]> ReadPermissionsAsync(FactReader reader, CheckupAttestor subject, Attestor? attestor, bool hasNote, bool hasKey, CancellationToken cancellationToken)
    {
        var asked = new List<Task<HeldPermissions>>();
        if (hasKey)
        {
            asked.Add(AskAsync("key-permission", Kms, subject.Key, [Access.Sign, Access.PublicKey, Access.KeyVersions]));
        }

        if (attestor is not null)
        {
            asked.Add(AskAsync("attestor-permission", BinaryAuthorization, subject.Name, [Access.Attestor, Access.Validate]));
            asked.Add(AskAsync("project-permission", IamClient.Projects, $"projects/{subject.Name.Project}", [Access.CreateOccurrences]));
        }

        if (hasNote)
        {
            asked.Add(AskAsync("note-permission", ContainerAnalysis, attestor!.Note, [Access.Attach, Access.NoteOccurrences]));
        }

        return Task.WhenAll(asked);

        async Task<HeldPermissions> AskAsync(string check, string host, object resource, Access[] needed)
        {
            var name = resource.ToString()!;
            var held = await reader.ReadAsync(Access.None, stop => iam.HeldAsync(host, name, needed.Select(each => each.Permission), stop), cancellationToken).ConfigureAwait(false);
            return new HeldPermissions(check, name, needed, held);
        }
    }
}
