using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace BinAuthz.Cli.Commands;

/// <summary>The help of System.CommandLine, and below it examples that can be pasted into a shell.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is CliCommand command)
        {
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in command.Examples)
            {
                output.WriteLine($"  {example}");
            }

            output.WriteLine();
        }

        return ExitCode.Ok;
    }
}
