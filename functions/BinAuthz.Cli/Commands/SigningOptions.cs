using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.Cli.Commands;

/// <summary>By which approval policy, with which key and where an image is weighed: the options of every command that does what the signer does.</summary>
internal sealed class SigningOptions
{
    private readonly Option<string> approval = new("--approval") { Description = "The approval policy (YAML), which also names the attestor.", DefaultValueFactory = _ => "approval.yaml", HelpName = "file" };
    private readonly Option<string?> key = new("--key") { Description = "The signing key, projects/P/locations/L/keyRings/R/cryptoKeys/K. Default: attestor-key of the environment's key ring.", HelpName = "name" };
    private readonly Option<string> location = new("--location") { Description = "The Cloud KMS location of the default key.", DefaultValueFactory = _ => "us-central1", HelpName = "location" };
    private readonly EndpointOption endpoint = new();

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(approval);
        command.Add(key);
        command.Add(location);
        command.Add(endpoint);
    }

    /// <summary>The library's services with these options.</summary>
    /// <exception cref="ConfigurationException">The options or the approval policy cannot be used.</exception>
    public ServiceProvider Connect(ParseResult arguments) => new ServiceCollection()
        .AddBinAuthz(new BinAuthzOptions
        {
            Approval = arguments.GetRequiredValue(approval),
            Key = arguments.GetValue(key),
            Location = arguments.GetRequiredValue(location),
            Endpoint = arguments.GetValue(endpoint),
        })
        .BuildServiceProvider();
}
