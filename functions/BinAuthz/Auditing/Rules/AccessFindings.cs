using BinAuthz.Auditing.Facts;
using BinAuthz.Denials;
using BinAuthz.GoogleCloud;

namespace BinAuthz.Auditing.Rules;

/// <summary>What is said of members who may do what nobody expects of them.</summary>
internal static class AccessFindings
{
    /// <summary>The name of a member's access to a resource.</summary>
    public static string Name(object resource, string member) => $"{resource}/members/{member}";

    /// <summary>One finding for all that a member may do unexpectedly with a resource, and one for roles that are not known here.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="access">What the member may do.</param>
    /// <param name="abilities">What only some are expected to do.</param>
    /// <param name="product">Of whose roles it is said when they are not known here, such as <c>cloudkms.</c>.</param>
    public static IEnumerable<AuditFinding> Judge(AuditRule rule, MemberAccess access, IEnumerable<AccessAbility> abilities, string product)
    {
        AccessAbility[] unexpected = [.. abilities.Where(ability => ability.IsUnexpected(access))];
        if (unexpected.Length > 0)
        {
            HeldRole[] roles = [.. unexpected.SelectMany(ability => access.With(ability.Permission)).Distinct()];
            var words = string.Join(", ", unexpected.Select(ability => $"{ability.Words} ({ability.Permission})").Distinct());
            yield return rule.Finding(Name(access.Resource, access.Member), $"{Who(access.Member)} may {words}, by {string.Join(" and ", roles.Select(Describe))}.") with
            {
                Severity = IamMember.Weigh(access.Member, unexpected.Max(ability => ability.Severity)),
                Remedy = Remedy(rule, access, roles),
            };
        }

        HeldRole[] unknown = [.. access.Roles.Where(role => role.Permissions is null && (PredefinedRoles.IsForServiceAgents(role.Role) || role.Role.StartsWith($"roles/{product}", StringComparison.Ordinal)))];
        if (unknown.Length > 0)
        {
            yield return rule.Finding($"{Name(access.Resource, access.Member)} (unknown roles)", $"What {string.Join(" and ", unknown.Select(Describe))} of {access.Member} holds is not known here.") with
            {
                Severity = IamMember.Weigh(access.Member, AuditSeverity.Low),
                Remedy = $"Look at what it holds, `{ShellCommand.Of("gcloud", "iam", "roles", "describe", unknown[0].Role)}`, and grant a role that holds less if that is too much.",
            };
        }
    }

    private static string Who(string member) => IamMember.Describe(member) is { Length: > 0 } words ? $"{member} ({words})" : member;

    private static string Describe(HeldRole role) => role.Condition.Length == 0 ? role.Role : $"{role.Role} under the condition '{role.Condition}', which is not weighed here";

    private static string Remedy(AuditRule rule, MemberAccess access, IReadOnlyList<HeldRole> roles)
    {
        string[] commands = [.. roles.Select(role => Revoke(access, role.Role)).Where(command => command.Length > 0).Distinct()];
        return commands.Length == 0 ? rule.Remedy : $"{rule.Remedy} To take it away: `{string.Join("` and `", commands)}`.";
    }

    // There is no command for the policies of notes.
    private static string Revoke(MemberAccess access, string role)
    {
        string[] who = [$"--member={access.Member}", $"--role={role}"];
        var parts = access.Resource.Name.Split('/');
        return access.Resource.Kind switch
        {
            IamResourceKind.Project => ShellCommand.Of(["gcloud", "projects", "remove-iam-policy-binding", parts[1], .. who, "--all"]),
            IamResourceKind.KeyRing => ShellCommand.Of(["gcloud", "kms", "keyrings", "remove-iam-policy-binding", parts[5], $"--location={parts[3]}", $"--project={parts[1]}", .. who]),
            IamResourceKind.Key or IamResourceKind.AuditKey => ShellCommand.Of(["gcloud", "kms", "keys", "remove-iam-policy-binding", parts[7], $"--keyring={parts[5]}", $"--location={parts[3]}", $"--project={parts[1]}", .. who]),
            IamResourceKind.Attestor => ShellCommand.Of(["gcloud", "container", "binauthz", "attestors", "remove-iam-policy-binding", parts[3], $"--project={parts[1]}", .. who]),
            IamResourceKind.Policy => ShellCommand.Of(["gcloud", "container", "binauthz", "policy", "remove-iam-policy-binding", $"--project={parts[1]}", .. who]),
            IamResourceKind.Bucket => ShellCommand.Of(["gcloud", "storage", "buckets", "remove-iam-policy-binding", access.Resource.Name, .. who, "--all"]),
            IamResourceKind.Identity => ShellCommand.Of(["gcloud", "iam", "service-accounts", "remove-iam-policy-binding", parts[3], .. who, "--all"]),
            _ => "",
        };
    }
}
