using Google.Cloud.Functions.Hosting;

namespace Microsoft.Extensions.Configuration;

/// <summary>Adds the contract's environment variables and arguments to a configuration.</summary>
public static class FunctionsFrameworkConfigurationExtensions
{
    private static readonly Dictionary<string, string> Switches = new()
    {
        ["--target"] = $"{HostSettings.Section}:{nameof(HostSettings.FunctionTarget)}",
        ["--port"] = $"{HostSettings.Section}:{nameof(HostSettings.Port)}",
    };

    /// <summary>Adds FUNCTION_TARGET, PORT, DOTNET_RUNNING_IN_CONTAINER and K_SERVICE.</summary>
    /// <param name="builder">The configuration.</param>
    /// <returns>The configuration.</returns>
    public static IConfigurationBuilder AddFunctionsEnvironment(this IConfigurationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new FunctionsEnvironment());
    }

    /// <summary>Adds --target and --port; a single argument is the target.</summary>
    /// <param name="builder">The configuration.</param>
    /// <param name="args">The command line.</param>
    /// <returns>The configuration.</returns>
    public static IConfigurationBuilder AddFunctionsCommandLine(this IConfigurationBuilder builder, string[] args) => args switch
    {
        null or [] => builder,
        ["%LAUNCHER_ARGS%"] => throw new HostConfigurationException(
            "Argument '%LAUNCHER_ARGS%' was not replaced: a launch profile must name the function. Replace it in Properties/launchSettings.json."),
        [var target] => builder.AddCommandLine(["--target", target], Switches),
        _ => builder.AddCommandLine(args, Switches),
    };
}
