using BinAuthz.Cli.Emulation;
using BinAuthz.Emulator;
using BinAuthz.Setup;

namespace BinAuthz.EndToEnd.Tests.Permissions;

/// <summary>Holds what a plan grants an identity against what the identity does.</summary>
internal sealed class PlanTrial(FunctionScenario scenario, AccessPlan plan)
{
    /// <summary>What the identity lacks, and what it is granted and does not use.</summary>
    public async Task<IReadOnlyList<string>> GrantedAsync()
    {
        var (failure, decisions) = await RunAsync(null);
        AccessDecision[] used = [.. decisions.Where(decision => decision.Allowed)];
        return
        [
            .. decisions.Where(decision => !decision.Allowed).Select(decision => $"{scenario.Identity} lacks {decision.Permission} on {decision.Resource}").Distinct(),
            .. failure is null ? Array.Empty<string>() : [$"{scenario.Identity} cannot do its job: {failure.Message}"],
            .. GrantPart.Of(plan, scenario.Identity).Where(part => !used.Any(decision => IsUse(part, decision))).Select(part => $"{scenario.Identity} does not use {part}"),
        ];
    }

    /// <summary>Which parts of what it is granted the identity can do its job without.</summary>
    public async Task<IReadOnlyList<string>> NeedlessAsync()
    {
        var needless = new List<string>();
        foreach (var part in GrantPart.Of(plan, scenario.Identity))
        {
            var (failure, decisions) = await RunAsync(part);
            if (failure is null)
            {
                needless.Add($"{scenario.Identity} does its job without {part}");
            }
            else if (!decisions.Any(decision => !decision.Allowed && IsUse(part, decision)))
            {
                needless.Add($"{scenario.Identity} without {part} fails for something else: {failure.Message}");
            }
        }

        return needless;
    }

    private async Task<(Exception? Failure, IReadOnlyList<AccessDecision> Decisions)> RunAsync(GrantPart? without)
    {
        await scenario.PrepareAsync();
        NarrowGrants.Install(scenario.Emulator, scenario.Names, plan, scenario.Identity, without);
        scenario.Emulator.Access.ForgetDecisions();
        var failure = await Record.ExceptionAsync(scenario.RunAsync);
        var principal = scenario.Names.Email(scenario.Identity);
        AccessDecision[] decisions = [.. scenario.Emulator.Access.Decisions.Where(decision => decision.Principal == principal)];
        if (without is not null)
        {
            NarrowGrants.Remove(scenario.Emulator, scenario.Names, plan, without);
        }

        return (failure, decisions);
    }

    private bool IsUse(GrantPart part, AccessDecision decision) =>
        decision.Permission == part.Permission
        && scenario.Names.Resources(part.Grant.On).Select(EnforcedAccess.PolicyName).Any(policy => part switch
        {
            { Folder: { } folder } => decision.Resource.StartsWith($"{policy}/objects/{folder}", StringComparison.Ordinal),
            // The account as whom the signer runs is the project's, though its name does not tell.
            { Grant.On.Kind: GrantTargetKind.Project } => true,
            _ => decision.Resource == policy || decision.Resource.StartsWith($"{policy}/", StringComparison.Ordinal),
        });
}
