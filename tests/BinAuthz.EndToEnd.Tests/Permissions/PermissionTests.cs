using BinAuthz.Setup;

namespace BinAuthz.EndToEnd.Tests.Permissions;

/// <summary>
/// What terraform grants each identity is what its work needs: it does all of it with these permissions alone, uses each of them,
/// and without any single one, or any folder of the bucket, some of it is refused.
/// </summary>
public sealed class PermissionTests
{
    // What a role holds besides what is used may read; of what changes something, this is known and does no harm where the role is granted.
    private static readonly string[] KnownSurplus =
    [
        // On the attestor alone: the rotator could also take trust away by deleting it, and change nothing more than its keys.
        "binaryauthorization.attestors.create", "binaryauthorization.attestors.delete", "binaryauthorization.attestors.verifyImageAttested",
        // On a service, which has no jobs.
        "run.jobs.run",
    ];

    [Theory]
    [InlineData("signer")]
    [InlineData("alerter")]
    [InlineData("rotator")]
    [InlineData("auditor")]
    [InlineData("invoker")]
    public async Task Plan_OfAnIdentity_IsWhatItsWorkNeeds(string identity)
    {
        await using var scenario = await ScenarioAsync(identity);
        var trial = new PlanTrial(scenario, WorldAccess.Plan);

        var granted = await trial.GrantedAsync();
        Assert.True(granted.Count == 0, string.Join('\n', granted));
        var needless = await trial.NeedlessAsync();
        Assert.True(needless.Count == 0, string.Join('\n', needless));
    }

    [Fact]
    public async Task Plan_WithMistakes_IsFoundOut()
    {
        await using var scenario = await ScenarioAsync("signer");
        var attach = WorldAccess.Plan.Grants.Single(grant => grant is { Identity: "signer", On.Kind: GrantTargetKind.Note, Exclusive: true });
        var missing = WorldAccess.Plan with { Grants = [.. WorldAccess.Plan.Grants.Where(grant => grant != attach)] };
        var surplus = WorldAccess.Plan with { Grants = [.. WorldAccess.Plan.Grants, attach with { Role = "roles/cloudkms.viewer", On = new GrantTarget(GrantTargetKind.Key), Permissions = ["cloudkms.cryptoKeys.list"] }] };

        Assert.Contains($"signer lacks containeranalysis.notes.attachOccurrence on {scenario.Names.Attestors[0].Note}", await new PlanTrial(scenario, missing).GrantedAsync());
        Assert.Equal(["signer does not use cloudkms.cryptoKeys.list on key"], await new PlanTrial(scenario, surplus).GrantedAsync());
    }

    [Fact]
    public void Plan_Roles_HoldWhatIsUsedAndChangeNothingElse()
    {
        string[] surplus = [.. Surplus(WorldAccess.Plan)];
        Assert.True(surplus.Length == 0, string.Join('\n', surplus));
    }

    [Theory]
    [InlineData("roles/storage.objectCreator", "roles/storage.objectAdmin", "roles/storage.objectAdmin of signer may storage.objects.delete")]
    [InlineData("roles/cloudkms.publicKeyViewer", "roles/cloudkms.admin", "roles/cloudkms.admin of rotator does not hold cloudkms.cryptoKeyVersions.viewPublicKey")]
    [InlineData("roles/pubsub.publisher", "roles/editor", "roles/editor of signer is a basic role")]
    public void Plan_RoleThatIsTooWide_IsFoundOut(string narrow, string wide, string problem)
    {
        var plan = WorldAccess.Plan with { Grants = [.. WorldAccess.Plan.Grants.Select(grant => grant.Role == narrow ? grant with { Role = wide } : grant)] };

        Assert.Contains(problem, Surplus(plan));
    }

    private static async Task<FunctionScenario> ScenarioAsync(string identity) => identity switch
    {
        "signer" => await SignerScenario.StartAsync(),
        "alerter" => await AlerterScenario.StartAsync(),
        "rotator" => await RotatorScenario.StartAsync(),
        "auditor" => await AuditorScenario.StartAsync(),
        _ => await InvokerScenario.StartAsync(),
    };

    private static IEnumerable<string> Surplus(AccessPlan plan) => plan.Grants.SelectMany(grant =>
    {
        var held = plan.Roles.FirstOrDefault(role => role.Id == grant.Role)?.Permissions ?? BinAuthz.Emulator.EmulatorAccess.PermissionsOf(grant.Role);
        return held is null
            ? [$"{grant.Role} of {grant.Identity} is a basic role"]
            : grant.Permissions.Except(held).Select(permission => $"{grant.Role} of {grant.Identity} does not hold {permission}")
                .Concat(held.Except(grant.Permissions).Except(KnownSurplus).Where(permission => !IsRead(permission)).Select(permission => $"{grant.Role} of {grant.Identity} may {permission}"));
    });

    private static bool IsRead(string permission) => permission[(permission.LastIndexOf('.') + 1)..] is "get" or "list" or "listOccurrences" or "downloadArtifacts";
}
