using BinAuthz.Alerting;
using BinAuthz.Yaml;

namespace BinAuthz.Cli.Alerts;

/// <summary>An alert policy as it lies in a file.</summary>
/// <param name="File">Its name, as it was given.</param>
/// <param name="Policy">Null when there are errors.</param>
/// <param name="Errors">Everything that is wrong, in the order of the file.</param>
internal sealed record AlertPolicyFile(string File, AlertPolicy? Policy, IReadOnlyList<ConfigurationError> Errors)
{
    /// <summary>Reads a file. One that cannot be read has that as its only error.</summary>
    public static AlertPolicyFile Read(string file)
    {
        try
        {
            // Of a larger file not even the text is read.
            if (new FileInfo(file) is { Exists: true, Length: > AlertPolicyReader.MaximumBytes })
            {
                return Unread(file, "The file is larger than 1 MiB.", "Write an alert policy.");
            }

            _ = AlertPolicyReader.TryParse(System.IO.File.ReadAllText(file), file, out var policy, out var errors);
            return new AlertPolicyFile(file, policy, errors);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Unread(file, $"The file cannot be read: {error.Message}", "Name an alert policy.");
        }
    }

    /// <summary>The policy.</summary>
    /// <exception cref="CommandException">There are errors; the message lists them.</exception>
    public AlertPolicy Demand() => Policy ?? throw CommandException.Usage(string.Join('\n', Errors));

    private static AlertPolicyFile Unread(string file, string rule, string remedy) => new(file, null, [new ConfigurationError(file, 1, 1, rule, remedy)]);
}
