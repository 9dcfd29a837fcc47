using System.CommandLine;
using BinAuthz.Setup;

namespace BinAuthz.Cli.Commands;

/// <summary>One of the three environments.</summary>
internal sealed class EnvironmentOption : Option<string>
{
    public EnvironmentOption()
        : base("--environment")
    {
        Description = "production, staging or development.";
        DefaultValueFactory = _ => "production";
        HelpName = "name";
        AcceptOnlyFromAmong("production", "staging", "development");
    }

    /// <summary>The environment that was chosen.</summary>
    public DeploymentEnvironment Read(ParseResult arguments) => DeploymentEnvironment.Parse(arguments.GetRequiredValue(this));
}
