using System.CommandLine;
using BinAuthz.Auditing;
using BinAuthz.Cli.Output;
using BinAuthz.GoogleCloud;
using BinAuthz.Rotation;
using BinAuthz.Signing;
using Grpc.Core;

namespace BinAuthz.Cli.Commands;

/// <summary>One command: it reads its options, asks the library, prints the answer. What goes wrong becomes an exit code here, and here only.</summary>
internal abstract class CliCommand : Command
{
    /// <summary>The option that every command has.</summary>
    public const string FormatOption = "--format";

    protected CliCommand(string name, string description, params IReadOnlyList<string> examples)
        : base(name, description)
    {
        Examples = examples;
        SetAction(InvokeAsync);
    }

    /// <summary>Command lines for the help.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>What the command can answer with.</summary>
    protected virtual IReadOnlyList<OutputFormat> Formats => [OutputFormat.Text, OutputFormat.Json];

    /// <summary>Does the work and answers with an <see cref="ExitCode"/>.</summary>
    protected abstract Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken cancellationToken);

    private async Task<int> InvokeAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var streams = arguments.InvocationConfiguration;
        var output = new CommandOutput(arguments.GetValue<OutputFormat>(FormatOption), streams.Output, streams.Error);
        try
        {
            if (!Formats.Contains(output.Format))
            {
                var words = Formats.Select(format => format.ToString().ToLowerInvariant());
                throw CommandException.Usage($"'{Name}' has nothing to say in {output.Format.ToString().ToLowerInvariant()}. Write {FormatOption} {string.Join(" or ", words)}.");
            }

            return await RunAsync(arguments, output, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            output.Failure(ExitCode.Interrupted, "Interrupted before it was done.");
            return ExitCode.Interrupted;
        }
#pragma warning disable CA1031 // The last catch of the process: people get a sentence, programs an exit code, nobody a stack trace.
        catch (Exception error)
#pragma warning restore CA1031
        {
            var (code, message) = Explain(error);
            output.Failure(code, message);
            return code;
        }
    }

    private static (int Code, string Message) Explain(Exception error) => error switch
    {
        CommandException known => (known.Code, known.Message),
        ConfigurationException or SigningException or RotationException or AuditException or FormatException => (ExitCode.Usage, error.Message),
        GoogleCallException call => (IsForSomebodyToMend(call.Status) ? ExitCode.Usage : ExitCode.Infrastructure, error.Message),
        RpcException call => (IsForSomebodyToMend(call.StatusCode) ? ExitCode.Usage : ExitCode.Infrastructure, $"Google's API answered {call.StatusCode}: {call.Status.Detail}"),
        HttpRequestException => (ExitCode.Infrastructure, $"{error.Message} Check that --endpoint (or BINAUTHZ_ENDPOINT) is right and that what it names is running."),
        OperationCanceledException or TimeoutException => (ExitCode.Infrastructure, $"No answer in time: {error.Message} Try again."),
        FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException => (ExitCode.Usage, error.Message),
        IOException => (ExitCode.Infrastructure, error.Message),
        _ => (ExitCode.Infrastructure, $"Unexpected {error.GetType().Name}: {error.Message} This is a bug; please report the command line with it."),
    };

    private static bool IsForSomebodyToMend(StatusCode status) =>
        status is StatusCode.PermissionDenied or StatusCode.Unauthenticated or StatusCode.NotFound or StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.AlreadyExists;
}
