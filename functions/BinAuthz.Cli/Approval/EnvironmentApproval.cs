using BinAuthz.Approval;
using BinAuthz.Setup;

namespace BinAuthz.Cli.Approval;

/// <summary>The approval policy of an environment that is named besides.</summary>
internal static class EnvironmentApproval
{
    /// <summary>Reads it.</summary>
    /// <exception cref="ConfigurationException">It is no approval policy; every error is listed.</exception>
    /// <exception cref="CommandException">It is another environment's.</exception>
    public static ApprovalPolicy Read(string file, DeploymentEnvironment environment)
    {
        if (!ApprovalPolicy.TryParse(File.ReadAllText(file), file, out var policy, out var errors))
        {
            throw new ConfigurationException([.. errors.Select(error => error.ToString())]);
        }

        return policy.Environment == environment.Name ? policy
            : throw CommandException.Usage($"{file} is the approval policy of {policy.Environment}, and {environment} is to be looked at. Make the two agree.");
    }
}
