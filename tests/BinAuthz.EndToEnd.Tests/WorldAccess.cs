using System.Runtime.CompilerServices;
using BinAuthz.Cli.Emulation;
using BinAuthz.Emulator;
using BinAuthz.Setup;

namespace BinAuthz.EndToEnd.Tests;

/// <summary>Has the emulator of a world let each function do only what terraform grants it. What a test itself does without a name, it does as the operator, who may do everything.</summary>
internal static class WorldAccess
{
    private static readonly string[] RepositoryIds = ["app", "apps", "other", "tools", "copies"];

    /// <summary>The plan from which terraform grants.</summary>
    public static AccessPlan Plan { get; } = AccessPlan.Parse(File.ReadAllText(PlanFile()), "iam.yaml");

    /// <summary>The names of an environment.</summary>
    public static AccessNames Names(string project, string environment = "production") => new(project, DeploymentEnvironment.Parse(environment))
    {
        Repositories = [.. RepositoryIds.Select(id => $"projects/{project}/locations/us-central1/repositories/{id}")],
    };

    /// <summary>As whom a function calls.</summary>
    public static string Principal(string project, string identity, string environment = "production") => Names(project, environment).Email(identity);

    /// <summary>Grants the plan, and has it enforced from now on.</summary>
    /// <param name="emulator">The emulator.</param>
    /// <param name="project">The environment's project.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="further">The ids of attestors besides the environment's own.</param>
    public static void Enforce(EmulatorHost emulator, string project, string environment = "production", params string[] further)
    {
        var names = Names(project, environment);
        EnforcedAccess.Enforce(emulator, Plan, names with { Attestors = [.. names.Attestors, .. further.Select(id => names.Environment.FurtherAttestor(project, names.Location, id))] });
    }

    private static string PlanFile([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "terraform", "modules", "binauthz-environment", "iam.yaml"));
}
