using BinAuthz.Checkup.Facts;
using BinAuthz.Denials;
using BinAuthz.GoogleCloud;

namespace BinAuthz.Checkup.Checks;

/// <summary>Whether the identities of the functions may do what they have to: each role of the environment's plan, and what the custom ones hold.</summary>
internal static class GrantChecks
{
    private const string Grant = "grant";
    private const string Role = "custom-role";

    /// <summary>What was found.</summary>
    public static IEnumerable<CheckResult> Judge(CheckupRequest request, GrantFacts facts) =>
    [
        .. facts.Roles.SelectMany(role => role.Value.Held.Judge(Role, role.Key, held => Judge(request, role.Key, [.. role.Value.Planned.Except(held)]))),
        .. facts.Policies.SelectMany(each => each.Value.Judge(Grant, each.Key, policy => policy is null ? [] : Judge(request, facts, each.Key, policy))),
    ];

    private static IEnumerable<CheckResult> Judge(CheckupRequest request, string role, string[] missing)
    {
        yield return missing.Length == 0
            ? CheckResult.Ok(Role, role, "holds what the functions need")
            : CheckResult.Failed(Role, role, $"It does not hold {string.Join(", ", missing)}, or there is no such role.", $"{request.Setup} sets it.");
    }

    private static CheckResult[] Judge(CheckupRequest request, GrantFacts facts, IamResource resource, IamPolicy policy)
    {
        IamBinding[] planned = [.. facts.Planned.Where(each => each.Resource == resource).Select(each => each.Binding)];
        CheckResult[] missing =
        [
            .. planned.SelectMany(binding => policy.Lacking(binding).Select(member => CheckResult.Failed(
                Grant,
                resource,
                $"{member} does not have {binding.Role} there{(binding.Condition.Length > 0 ? $" under the condition {binding.Condition}" : "")}.",
                Remedy(request, resource, binding, member)))),
        ];
        return missing.Length > 0 ? missing : [CheckResult.Ok(Grant, resource, $"{string.Join(", ", planned.Select(binding => binding.Role).Distinct())} as planned")];
    }

    // A note's policy cannot be set with gcloud.
    private static string Remedy(CheckupRequest request, IamResource resource, IamBinding binding, string member)
    {
        var parts = resource.Name.Split('/');
        string[] who = [$"--member={member}", $"--role={binding.Role}"];
        string[] when = binding.Condition.Length > 0 ? [$"--condition=^#^title=Only some objects#expression={binding.Condition}"] : [];
        string[]? command = resource.Kind switch
        {
            IamResourceKind.Project => ["projects", "add-iam-policy-binding", parts[1], .. who, "--condition=None"],
            IamResourceKind.Key or IamResourceKind.AuditKey => ["kms", "keys", "add-iam-policy-binding", parts[7], $"--keyring={parts[5]}", $"--location={parts[3]}", $"--project={parts[1]}", .. who],
            IamResourceKind.Attestor => ["container", "binauthz", "attestors", "add-iam-policy-binding", parts[3], $"--project={parts[1]}", .. who],
            IamResourceKind.Bucket => ["storage", "buckets", "add-iam-policy-binding", resource.Name, .. who, .. when],
            IamResourceKind.Topic => ["pubsub", "topics", "add-iam-policy-binding", parts[3], $"--project={parts[1]}", .. who],
            _ => null,
        };
        return command is null ? $"{request.Setup} grants it." : $"{request.Setup} grants it, or `{ShellCommand.Of(["gcloud", .. command])}`.";
    }
}
