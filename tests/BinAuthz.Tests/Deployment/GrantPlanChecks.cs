using BinAuthz.Setup;
using static BinAuthz.Tests.Deployment.PlannedEnvironment;

namespace BinAuthz.Tests.Deployment;

/// <summary>Holds identities, roles and grants of a plan to <c>iam.yaml</c> as the code reads it, and the roles to those that are narrow.</summary>
internal static class GrantPlanChecks
{
    private static readonly AccessPlan Access = AccessPlan.Load();

    // Each is the narrowest predefined role with what is needed. None of them can change who may do what.
    private static readonly string[] Narrow =
    [
        "cloudkms.signer", "cloudkms.publicKeyViewer", "containeranalysis.notes.attacher", "containeranalysis.notes.occurrences.viewer",
        "binaryauthorization.attestorsEditor", "artifactregistry.reader", "storage.objectCreator", "storage.objectViewer", "pubsub.publisher", "pubsub.subscriber",
        "secretmanager.secretAccessor", "run.invoker",
    ];

    // These may also be had on the whole project, for they only read, or write only what nothing is decided by.
    private static readonly string[] ReadOnly =
    [
        "cloudkms.viewer", "binaryauthorization.policyViewer", "binaryauthorization.attestorsViewer", "containeranalysis.occurrences.viewer",
        "container.clusterViewer", "logging.privateLogViewer", "logging.logWriter",
    ];

    // The signer stores attestations, replaces them and withdraws them, and this role holds just that; there are no policies of single occurrences to go by.
    private const string Editor = "containeranalysis.occurrences.editor";

    private static readonly string[] NeverInCustomRoles = ["setIamPolicy", "delete", "useToSign", "attachOccurrence", "actAs", "getAccessToken", "signBlob", "signJwt"];

    /// <summary>All checks.</summary>
    public static IEnumerable<string> All(PlannedEnvironment plan) => Identities(plan).Concat(Roles(plan)).Concat(Grants(plan)).Concat(Breadth(plan));

    /// <summary>Every identity has its service account, and there is no other.</summary>
    public static IEnumerable<string> Identities(PlannedEnvironment plan)
    {
        string[] made = [.. plan.All("google_service_account").Select(account => Text(account, "account_id"))];
        string[] planned = [.. Access.Identities.Select(identity => $"{plan.Environment}-{identity.Name}")];
        return Differences("service account", planned, made);
    }

    /// <summary>Custom roles hold what the file says.</summary>
    public static IEnumerable<string> Roles(PlannedEnvironment plan) => Differences(
        "custom role",
        Access.Roles.Select(role => $"{role.Id} with {string.Join(", ", role.Permissions.Order(StringComparer.Ordinal))}"),
        plan.All("google_project_iam_custom_role").Select(role => $"{Text(role, "role_id")} with {string.Join(", ", ((System.Text.Json.Nodes.JsonArray)role["permissions"]!).Select(permission => permission!.ToString()).Order(StringComparer.Ordinal))}"));

    /// <summary>Every grant of the file is in the plan; the identities get no other, and nobody else gets anything but Google's own agents.</summary>
    public static IEnumerable<string> Grants(PlannedEnvironment plan)
    {
        var names = plan.Names;
        PlannedGrant[] planned =
        [
            .. Access.Bindings(names).SelectMany(each => each.Binding.Members.Select(member => new PlannedGrant(each.Resource.Name, each.Binding.Role, member, each.Binding.Condition, each.Exclusive))),
        ];
        var ours = Access.Identities.Select(identity => names.Member(identity.Name)).ToHashSet();
        var made = PlannedGrant.Of(plan);
        return Differences("grant", planned.Select(Words), made.Where(grant => ours.Contains(grant.Member)).Select(Words))
            .Concat(made.Where(grant => !ours.Contains(grant.Member) && !IsAgent(grant)).Select(grant => $"The plan has a grant to a stranger: {Words(grant)}."));
    }

    /// <summary>No role is broader than what somebody needs.</summary>
    public static IEnumerable<string> Breadth(PlannedEnvironment plan)
    {
        var custom = Access.Roles.Select(role => plan.Names.Role(role.Id)).ToHashSet();
        foreach (var grant in PlannedGrant.Of(plan).Where(grant => !custom.Contains(grant.Role)))
        {
            var role = grant.Role.StartsWith("roles/", StringComparison.Ordinal) ? grant.Role["roles/".Length..] : grant.Role;
            var isProject = grant.Resource.Count(character => character == '/') == 1;
            if (!ReadOnly.Contains(role) && (isProject || !Narrow.Contains(role)) && (role != Editor || grant.Member != plan.Names.Member("signer")))
            {
                yield return $"The role is too broad there: {Words(grant)}.";
            }
        }

        foreach (var permission in plan.All("google_project_iam_custom_role").SelectMany(role => ((System.Text.Json.Nodes.JsonArray)role["permissions"]!).Select(each => each!.ToString()))
            .Where(permission => NeverInCustomRoles.Contains(permission[(permission.LastIndexOf('.') + 1)..])))
        {
            yield return $"A custom role holds {permission}, which is too broad for the project.";
        }
    }

    // The writers of the sinks are known after the apply; Pub/Sub's own agent moves dead letters.
    private static bool IsAgent(PlannedGrant grant) => grant.Role switch
    {
        "roles/pubsub.publisher" => grant.Resource.Contains("/topics/", StringComparison.Ordinal)
            && (grant.Member.Length == 0 ? grant is { IsExclusive: true } : IsPubSub(grant.Member) && grant.Resource.EndsWith("-dead-letters", StringComparison.Ordinal)),
        "roles/pubsub.subscriber" => grant.Resource.Contains("/subscriptions/", StringComparison.Ordinal) && IsPubSub(grant.Member),
        _ => false,
    };

    private static bool IsPubSub(string member) => member.StartsWith("serviceAccount:service-", StringComparison.Ordinal) && member.EndsWith("@gcp-sa-pubsub.iam.gserviceaccount.com", StringComparison.Ordinal);

    private static IEnumerable<string> Differences(string what, IEnumerable<string> planned, IEnumerable<string> made)
    {
        string[] present = [.. made];
        string[] wanted = [.. planned];
        return wanted.Except(present).Select(each => $"The {what} is missing in the plan: {each}.").Concat(present.Except(wanted).Select(each => $"The {what} is in the plan and not in iam.yaml: {each}."));
    }

    private static string Words(PlannedGrant grant) =>
        $"{(grant.Member.Length > 0 ? grant.Member : "somebody")} {grant.Role} on {grant.Resource}{(grant.Condition.Length > 0 ? $" if {grant.Condition}" : "")}{(grant.IsExclusive ? ", alone" : "")}";
}
