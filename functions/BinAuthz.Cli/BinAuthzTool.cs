using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using BinAuthz.Cli.Commands;
using BinAuthz.Cli.Output;

namespace BinAuthz.Cli;

/// <summary>The tool: its commands, and how a command line becomes an exit code.</summary>
internal static class BinAuthzTool
{
    private static readonly TimeSpan TimeToStop = TimeSpan.FromSeconds(30);

    /// <summary>Runs one command line.</summary>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        var parsed = Create().Parse(arguments);
        var invocation = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeToStop,
        };
        if (parsed.Action is ParseErrorAction unreadable)
        {
            // Suggestions for what was misspelt are no output either.
            invocation.Output = error;
            unreadable.ShowHelp = false;
            await parsed.InvokeAsync(invocation, cancellationToken).ConfigureAwait(false);
            await error.WriteLineAsync($"See: {PathOf(parsed.CommandResult.Command)} --help").ConfigureAwait(false);
            return ExitCode.Usage;
        }

        return await parsed.InvokeAsync(invocation, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>All commands.</summary>
    public static RootCommand Create()
    {
        var format = new Option<OutputFormat>(CliCommand.FormatOption)
        {
            Description = "What stdout carries: text for people, or json for programs, with everything else on stderr.",
            HelpName = "json|text",
            Recursive = true,
        };
        var root = new RootCommand("Signs container images for Binary Authorization on GKE, verifies them, and runs Google's side on one machine.")
        {
            new DemoCommand(),
            new SetupCommand(),
            new SignCommand(),
            new VerifyCommand(),
            new WaitCommand(),
            new WhyCommand(),
            new CheckCommand(),
            new DoctorCommand(),
            new DenialsCommand(),
            new Command("approval", "The approval policy: what is wrong with it, and what it says of images.")
            {
                new ApprovalLintCommand(),
                new ApprovalExplainCommand(),
                new ApprovalTestCommand(),
                new PolicySchemaCommand("approval", "approval"),
            },
            new Command("policy", "The Binary Authorization policy of a project: what it should be, what is wrong with it, what would change.")
            {
                new PolicyRenderCommand(),
                new PolicyLintCommand(),
                new PolicyDiffCommand(),
                new PolicyApplyCommand(),
            },
            new Command("alerts", "The alert policy: what is wrong with it, and whether its channels work.")
            {
                new AlertsLintCommand(),
                new AlertsSendTestCommand(),
                new PolicySchemaCommand("alert", "alerts"),
            },
            new Command("rotate", "The signing key: where its rotation stands, the steps that are due, and a compromised version's end.")
            {
                new RotateStatusCommand(),
                new RotateRunCommand(),
                new RotateRevokeCommand(),
            },
            new Command("audit", "Everything verified, and kept in a signed chain of reports: make one, read them, prove them.")
            {
                new AuditRunCommand(),
                new AuditShowCommand(),
                new AuditDiffCommand(),
                new AuditVerifyChainCommand(),
                new AuditServeCommand(),
            },
            new ReadinessCommand(),
            new Command("attestations", "What is attested about an image.") { new AttestationsListCommand() },
            new Command("emulator", "Google's side on one machine: KMS, Container Analysis, Binary Authorization, Artifact Registry, Pub/Sub.")
            {
                new EmulatorUpCommand(),
                new EmulatorPushCommand(),
                new EmulatorScanCommand(),
            },
            format,
        };
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Action = new HelpWithExamples((HelpAction)help.Action!);
        }

        return root;
    }

    private static string PathOf(Command command)
    {
        var names = new Stack<string>();
        for (Symbol? each = command; each is not null; each = each.Parents.FirstOrDefault())
        {
            names.Push(each is RootCommand ? "binauthz" : each.Name);
        }

        return string.Join(' ', names);
    }
}
