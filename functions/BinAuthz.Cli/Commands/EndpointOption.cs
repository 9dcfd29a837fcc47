using System.CommandLine;
using System.CommandLine.Parsing;

namespace BinAuthz.Cli.Commands;

/// <summary>One address for all of Google's APIs: the emulator's. Without it, Google.</summary>
internal sealed class EndpointOption : Option<Uri?>
{
    /// <summary>The environment variable that stands in for the option.</summary>
    public const string Variable = "BINAUTHZ_ENDPOINT";

    public EndpointOption()
        : base("--endpoint")
    {
        Description = $"An emulator that answers for all of Google's APIs, such as http://127.0.0.1:8080. Default: ${Variable}, or else Google.";
        HelpName = "url";
        CustomParser = result => Read(result, result.Tokens[0].Value, "--endpoint");
        DefaultValueFactory = result => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } value ? Read(result, value, Variable) : null;
    }

    /// <summary>The address of the emulator, for commands that only an emulator answers.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public Uri Demand(ParseResult arguments) => arguments.GetValue(this)
        ?? throw CommandException.Usage($"Which emulator? Give --endpoint http://127.0.0.1:8080 or set {Variable}; `binauthz emulator up` prints the address as \"rest\".");

    private static Uri? Read(ArgumentResult result, string value, string source)
    {
        if (Uri.TryCreate(value, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps))
        {
            return uri;
        }

        result.AddError($"{source} '{value}' is no address: write it as http://HOST:PORT.");
        return null;
    }
}
