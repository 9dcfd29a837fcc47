using BinAuthz.Approval;
using BinAuthz.Approval.Repositories;
using BinAuthz.Emulator;
using BinAuthz.GoogleCloud;
using BinAuthz.Setup;

namespace BinAuthz.Cli.Emulation;

/// <summary>Has an emulator enforce an access plan: its roles and bindings are installed, and from then on decide what callers with a name may do.</summary>
internal static class EnforcedAccess
{
    private const string Registry = "-docker.pkg.dev";

    /// <summary>Installs a plan for an environment and turns enforcement on.</summary>
    public static void Enforce(EmulatorHost emulator, AccessPlan plan, AccessNames names)
    {
        foreach (var role in plan.Roles)
        {
            emulator.Access.DefineRole(names.Role(role.Id), role.Permissions);
        }

        foreach (var (resource, binding, _) in plan.Bindings(names))
        {
            emulator.Access.Bind(PolicyName(resource), binding.Role, binding.Members, binding.Condition);
        }

        emulator.Switches.EnforceIam = true;
    }

    /// <summary>The name under which the emulator keeps the policy of a resource.</summary>
    public static string PolicyName(IamResource resource) =>
        resource.Kind == IamResourceKind.Bucket ? $"projects/_/buckets/{resource.Name["gs://".Length..]}" : resource.Name;

    /// <summary>The repositories from which an approval policy takes images. A pattern that leaves the repository open stands for the whole project.</summary>
    public static IReadOnlyList<string> Repositories(ApprovalPolicy policy) =>
    [
        .. policy.Attestors.SelectMany(attestor => attestor.AllRules).OfType<RepositoryRule>().SelectMany(rule => rule.Patterns).Select(pattern => pattern.Image.ToString().Split('/')).SelectMany(parts => parts switch
        {
            [var host, var project, var repository, ..] when host.EndsWith(Registry, StringComparison.Ordinal) && !repository.Contains('*', StringComparison.Ordinal) =>
                [$"projects/{project}/locations/{host[..^Registry.Length]}/repositories/{repository}"],
            [var host, var project, ..] when host.EndsWith(Registry, StringComparison.Ordinal) && !project.Contains('*', StringComparison.Ordinal) => [$"projects/{project}"],
            _ => Array.Empty<string>(),
        }).Distinct(),
    ];
}
