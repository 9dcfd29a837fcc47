using BinAuthz.GoogleCloud;
using BinAuthz.Setup;

namespace BinAuthz.Checkup.Facts;

/// <summary>What an environment's plan grants, and what is granted.</summary>
/// <param name="Planned">Of what setup makes; services and secrets belong to the deployment.</param>
/// <param name="Policies">Of each resource of these; null inside: there is no such resource, which is told elsewhere.</param>
/// <param name="Roles">The custom roles, by their full names, with what the plan has them hold and what they hold.</param>
internal sealed record GrantFacts(
    IReadOnlyList<AccessBinding> Planned,
    IReadOnlyDictionary<IamResource, Fact<IamPolicy?>> Policies,
    IReadOnlyDictionary<string, (IReadOnlyList<string> Planned, Fact<IReadOnlySet<string>> Held)> Roles);
