using BinAuthz.Attestations;
using BinAuthz.Checkup;
using BinAuthz.Checkup.Facts;
using BinAuthz.GoogleCloud;
using Grpc.Core;

namespace BinAuthz.Auditing.Facts;

/// <summary>Reads who may do what: the policies of what is audited, of the projects, and the custom roles that they name.</summary>
internal sealed class AccessFactReader(IamClient iam, StorageClient storage, BinaryAuthorizationClient authorization)
{
    private static readonly Access Policies = new("the permission getIamPolicy of that resource", "iam.securityReviewer");
    private static readonly Access Roles = new("iam.roles.get", "iam.roleViewer");

    /// <summary>Reads it.</summary>
    public async Task<AuditedAccess> ReadAsync(FactReader reader, AuditRequest request, CancellationToken cancellationToken)
    {
        var bucketRead = reader.ReadAsync(Access.Bucket, stop => storage.FindBucketAsync(request.Bucket, stop), cancellationToken);
        var notes = await Task.WhenAll(request.Subjects.Select(subject => ReadNoteAsync(reader, subject.Attestor, cancellationToken))).ConfigureAwait(false);
        var policies = await Task.WhenAll(Resources(request, notes).Select(resource => ReadPolicyAsync(reader, resource, cancellationToken))).ConfigureAwait(false);
        string[] custom = [.. policies.Select(policy => policy.Policy).OfType<Fact<IamPolicy>.Known>().SelectMany(policy => policy.Value.Bindings).Select(binding => binding.Role).Where(PredefinedRoles.IsCustom).Distinct()];
        var roles = await Task.WhenAll(custom.Select(role => reader.ReadAsync(Roles, stop => iam.GetRoleAsync(role, stop), cancellationToken))).ConfigureAwait(false);
        return new AuditedAccess([.. policies, .. notes.Select(note => note.Unread).OfType<AuditedIamPolicy>()], custom.Zip(roles).ToDictionary(each => each.First, each => each.Second), await bucketRead.ConfigureAwait(false));
    }

    private async Task<(NoteName? Note, AuditedIamPolicy? Unread)> ReadNoteAsync(FactReader reader, AttestorName attestor, CancellationToken cancellationToken) =>
        await reader.ReadAsync(Access.Attestor, stop => authorization.FindAttestorAsync(attestor, stop), cancellationToken).ConfigureAwait(false) switch
        {
            Fact<Attestor?>.Known known => (known.Value?.Note, null),
            Fact<Attestor?>.Unknown unknown => (null, new AuditedIamPolicy(new IamResource(IamResourceKind.Note, $"the note of {attestor}"), new Fact<IamPolicy>.Unknown(unknown.Why))),
            _ => throw new InvalidOperationException("That is not a fact that is known here."),
        };

    private static IEnumerable<IamResource> Resources(AuditRequest request, IReadOnlyList<(NoteName? Note, AuditedIamPolicy? Unread)> notes)
    {
        NoteName[] named = [.. notes.Select(note => note.Note).OfType<NoteName>()];
        string[] projects = [request.Project, .. request.Subjects.SelectMany(subject => new[] { subject.Attestor.Project, subject.Key.Project }), .. named.Select(note => note.Project), request.AuditKey.Project];
        IEnumerable<IamResource> all =
        [
            .. projects.Select(IamResource.Project),
            .. request.Subjects.SelectMany(subject => new[] { IamResource.KeyRing(subject.Key), IamResource.Key(subject.Key), IamResource.Attestor(subject.Attestor) }),
            IamResource.KeyRing(request.AuditKey),
            IamResource.AuditKey(request.AuditKey),
            .. named.Select(IamResource.Note),
            IamResource.Policy(request.Project),
            IamResource.Bucket(request.Bucket),
            .. new ExpectedMembers(request).SigningAccounts.Select(IamResource.Identity),
        ];
        return all.Distinct();
    }

    private async Task<AuditedIamPolicy> ReadPolicyAsync(FactReader reader, IamResource resource, CancellationToken cancellationToken) =>
        new(resource, await reader.ReadAsync(Policies, stop => ReadAsync(resource, stop), cancellationToken).ConfigureAwait(false));

    // Nobody can do anything with what is not there; that it is missing is told by other rules.
    private async Task<IamPolicy> ReadAsync(IamResource resource, CancellationToken cancellationToken)
    {
        try
        {
            return await iam.GetPolicyAsync(resource, cancellationToken).ConfigureAwait(false);
        }
        catch (GoogleCallException error) when (error.Status == StatusCode.NotFound && resource.Kind != IamResourceKind.Project)
        {
            return IamPolicy.Empty;
        }
    }
}
