using BinAuthz.Alerting;
using BinAuthz.Cli.Alerts;

namespace BinAuthz.Cli.Emulation;

/// <summary>The alert policy of an emulated environment: a file that is given, or one that is made for the time being and names no channels.</summary>
internal sealed class EmulatedAlertPolicy : IDisposable
{
    private readonly DirectoryInfo? scratch;

    private EmulatedAlertPolicy(string path, AlertPolicy policy, DirectoryInfo? scratch)
    {
        (Path, Policy, this.scratch) = (path, policy, scratch);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What it says.</summary>
    public AlertPolicy Policy { get; }

    /// <summary>Reads the policy, or makes one.</summary>
    /// <exception cref="CommandException">It cannot be used, or is another project's or environment's.</exception>
    public static EmulatedAlertPolicy Open(EmulatedEnvironmentRequest request)
    {
        if (request.AlertsPath is { } given)
        {
            return new EmulatedAlertPolicy(System.IO.Path.GetFullPath(given), Read(given, request), null);
        }

        var scratch = Directory.CreateTempSubdirectory("binauthz-alerts-");
        var path = System.IO.Path.Combine(scratch.FullName, "alerts.yaml");
        File.WriteAllText(path, $$"""
            project: {{request.Project}}
            environments:
              {{request.Environment}}: {projects: ["{{request.Project}}"]}
            """);
        return new EmulatedAlertPolicy(path, Read(path, request), scratch);
    }

    public void Dispose() => scratch?.Delete(recursive: true);

    private static AlertPolicy Read(string path, EmulatedEnvironmentRequest request)
    {
        var policy = AlertPolicyFile.Read(path).Demand();
        return policy.Project == request.Project && policy.Environments.Any(each => each.Name == request.Environment.Name)
            ? policy
            : throw CommandException.Usage($"{path} is for {string.Join(", ", policy.Environments.Select(each => each.Name))} of project {policy.Project}, but --project {request.Project} --environment {request.Environment} is set up. Make the two agree.");
    }
}
