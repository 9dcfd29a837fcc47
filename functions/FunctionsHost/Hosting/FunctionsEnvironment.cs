using Microsoft.Extensions.Configuration;

namespace Google.Cloud.Functions.Hosting;

/// <summary>The environment variables of the Functions Framework's contract, as configuration.</summary>
internal sealed class FunctionsEnvironment : ConfigurationProvider, IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public override void Load()
    {
        Add(nameof(HostSettings.FunctionTarget), Environment.GetEnvironmentVariable(EntryPoint.FunctionTargetEnvironmentVariable));
        Add(nameof(HostSettings.Port), Environment.GetEnvironmentVariable(EntryPoint.PortEnvironmentVariable));
        // Outside a container nobody but this machine should reach a function.
        bool inContainer = string.Equals(
            Environment.GetEnvironmentVariable("DOTNET_RUNNING_IN_CONTAINER"), "true", StringComparison.OrdinalIgnoreCase);
        Add(nameof(HostSettings.Address), inContainer ? "Any" : "Loopback");
        bool onCloudRun = !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable("K_SERVICE"));
        Add(nameof(HostSettings.JsonLogging), onCloudRun.ToString());
    }

    private void Add(string name, string? value)
    {
        if (!string.IsNullOrWhiteSpace(value))
        {
            Data[$"{HostSettings.Section}:{name}"] = value;
        }
    }
}
