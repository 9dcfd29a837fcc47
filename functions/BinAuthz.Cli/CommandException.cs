namespace BinAuthz.Cli;

/// <summary>A command cannot go on. The message names the input, the rule and the remedy.</summary>
internal sealed class CommandException(int code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The exit code.</summary>
    public int Code { get; } = code;

    /// <summary>The command line or a file that it names is wrong.</summary>
    public static CommandException Usage(string message, Exception? inner = null) => new(ExitCode.Usage, message, inner);

    /// <summary>Something did not answer or broke.</summary>
    public static CommandException Infrastructure(string message, Exception? inner = null) => new(ExitCode.Infrastructure, message, inner);
}
