using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;

namespace Google.Cloud.Functions.Hosting;

/// <summary>The host's settings, from the section FunctionsFramework that environment, command line and appsettings fill.</summary>
internal sealed record HostSettings(string? FunctionTarget, IPAddress Address, int Port, bool JsonLogging)
{
    public const string Section = "FunctionsFramework";

    private const int DefaultPort = 8080;

    public static HostSettings From(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        return new HostSettings(
            NullIfBlank(section[nameof(FunctionTarget)]),
            ParseAddress(NullIfBlank(section[nameof(Address)])),
            ParsePort(NullIfBlank(section[nameof(Port)])),
            bool.TryParse(section[nameof(JsonLogging)], out bool json) && json);
    }

    private static int ParsePort(string? text)
    {
        if (text is null)
        {
            return DefaultPort;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port <= IPEndPoint.MaxPort
            ? port
            : throw new HostConfigurationException(
                $"PORT '{text}' is not a port: it must be a whole number from 0 (the system chooses) to {IPEndPoint.MaxPort}. "
                + $"Correct the environment variable PORT or the argument --port, or leave both out for {DefaultPort}.");
    }

    private static IPAddress ParseAddress(string? text) => text switch
    {
        "Any" => IPAddress.Any,
        null or "Loopback" => IPAddress.Loopback,
        _ => IPAddress.TryParse(text, out var address)
            ? address
            : throw new HostConfigurationException(
                $"Address '{text}' is not an address: {Section}:Address must be Any, Loopback or an IP address. Correct it or leave it out."),
    };

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
