using System.Runtime.CompilerServices;
using BinAuthz.GoogleCloud;

namespace BinAuthz.Setup;

/// <summary>
/// Makes the identities of an environment and gives each the roles of its plan, and no other: service accounts, custom roles, grants on
/// whatever setup makes, the audit logs that tell who signed, attested and pushed. Roles that others hold, too, are told and stay:
/// only terraform takes them away.
/// </summary>
internal sealed class AccessSetup(IamClient iam, IdentityClient identities, PolicyWriter policies)
{
    // Off by default, and without them nobody can say who signed, attested or pushed.
    private static readonly (string Service, string Type)[] AuditLogs =
    [
        ("artifactregistry.googleapis.com", "DATA_WRITE"),
        ("cloudkms.googleapis.com", "DATA_READ"),
        ("containeranalysis.googleapis.com", "DATA_WRITE"),
    ];

    private readonly AccessPlan plan = AccessPlan.Load();

    /// <summary>Looks at one thing after the other; what is to be done must be done before the next is asked for.</summary>
    public async IAsyncEnumerable<SetupAct> LookAsync(SetupRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var names = request.Access;
        var accounts = await identities.ListServiceAccountsAsync(request.Project, cancellationToken).ConfigureAwait(false);
        foreach (var identity in plan.Identities)
        {
            yield return SetupAct.Of("service account", names.Email(identity.Name), identity.Purpose, !accounts.Contains(names.Email(identity.Name)), stop => MakeAsync(request, identity, stop));
        }

        foreach (var role in plan.Roles)
        {
            var found = await iam.FindRoleAsync(names.Role(role.Id), cancellationToken).ConfigureAwait(false);
            yield return SetupAct.Of("custom role", names.Role(role.Id), role.Title, !IsAsPlanned(found, role), stop => MakeAsync(request.Project, names.Role(role.Id), role, found, stop));
        }

        foreach (var of in plan.Bindings(names).Where(binding => !IsDeployed(binding.Resource.Kind)).GroupBy(binding => binding.Resource))
        {
            AccessBinding[] wanted = [.. of];
            yield return await policies.LookAsync(of.Key, [.. wanted.Select(each => each.Binding)], Words(wanted), cancellationToken).ConfigureAwait(false);
            foreach (var foreign in await ForeignersAsync(of.Key, wanted, cancellationToken).ConfigureAwait(false))
            {
                yield return foreign;
            }
        }

        yield return await LookAtAuditLogsAsync(request.Project, cancellationToken).ConfigureAwait(false);
        foreach (var left in LeftToOthers(request))
        {
            yield return left;
        }
    }

    private static bool IsDeployed(IamResourceKind kind) => kind is IamResourceKind.Secret or IamResourceKind.Service;

    private static bool IsAsPlanned(RoleDescription? found, CustomRole planned) => found is { IsDeleted: false } && found.Permissions.SetEquals(planned.Permissions);

    private Task MakeAsync(SetupRequest request, Identity identity, CancellationToken cancellationToken) => identities.EnsureServiceAccountAsync(
        request.Project, $"{request.Environment.Name}-{identity.Name}", $"Binary Authorization, {request.Environment.Name}: {identity.Name}", identity.Purpose, cancellationToken);

    private async Task MakeAsync(string project, string name, CustomRole role, RoleDescription? found, CancellationToken cancellationToken)
    {
        var wanted = new RoleDescription(role.Title, role.Why, role.Permissions.ToHashSet(StringComparer.Ordinal));
        if (found is null)
        {
            await identities.EnsureRoleAsync(project, role.Id, wanted, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (found.IsDeleted)
        {
            await identities.UndeleteRoleAsync(name, cancellationToken).ConfigureAwait(false);
        }

        await identities.UpdateRoleAsync(name, wanted, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<SetupAct>> ForeignersAsync(IamResource resource, AccessBinding[] wanted, CancellationToken cancellationToken)
    {
        if (!wanted.Any(each => each.Exclusive))
        {
            return [];
        }

        var policy = await policies.ReadAsync(resource, cancellationToken).ConfigureAwait(false);
        return
        [
            .. wanted.Where(each => each.Exclusive && policy.Others(each.Binding).Count > 0).Select(each => SetupAct.Look(
                PolicyWriter.Kind, resource.Name, $"{string.Join(", ", policy.Others(each.Binding))} may not have {each.Binding.Role} there, too: take it away, or let terraform do so")),
        ];
    }

    private async Task<SetupAct> LookAtAuditLogsAsync(string project, CancellationToken cancellationToken)
    {
        var resource = IamResource.Project(project);
        var policy = await policies.ReadAsync(resource, cancellationToken).ConfigureAwait(false);
        return SetupAct.Of(
            "audit logs",
            resource.Name,
            $"tell who signed, attested and pushed: {string.Join(", ", AuditLogs.Select(log => $"{log.Service} {log.Type}"))}",
            AuditLogs.Any(log => !policy.Records(log.Service, log.Type)),
            stop => policies.ChangeAsync(resource, document => AuditLogs.Aggregate(false, (changed, log) => document.Record(log.Service, log.Type) || changed), stop));
    }

    private IEnumerable<SetupAct> LeftToOthers(SetupRequest request)
    {
        foreach (var of in plan.Grants.Where(grant => grant.On.Kind is GrantTargetKind.Secret or GrantTargetKind.Service).GroupBy(grant => (grant.Role, grant.On.Kind)))
        {
            yield return SetupAct.Left(PolicyWriter.Kind, $"projects/{request.Project}", $"{of.Key.Role} on {string.Join(", ", of.Select(grant => grant.On).Distinct())} belongs to the deployment of the functions: terraform grants it");
        }

        if (request.Repositories.Count == 0 && plan.Grants.Any(grant => grant.On.Kind == GrantTargetKind.Repository))
        {
            yield return SetupAct.Left(PolicyWriter.Kind, $"projects/{request.Project}", "no repository is named: --repository lets the functions read one");
        }
    }

    private static string Words(IEnumerable<AccessBinding> wanted) =>
        string.Join("; ", wanted.Select(each => $"{string.Join(", ", each.Binding.Members.Select(Short))}: {each.Binding.Role}{(each.Binding.Condition.Length > 0 ? " for some objects" : "")}"));

    private static string Short(string member) => member["serviceAccount:".Length..member.IndexOf('@', StringComparison.Ordinal)];
}
