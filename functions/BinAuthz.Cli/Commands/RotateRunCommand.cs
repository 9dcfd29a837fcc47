using System.CommandLine;
using BinAuthz.Cli.Output;
using BinAuthz.Cli.Rotation;
using BinAuthz.Rotation;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.Cli.Commands;

/// <summary>Does what is due in a rotation, as the function does on its schedule.</summary>
internal sealed class RotateRunCommand : CliCommand
{
    private readonly RotationOptionSet options = new();
    private readonly Option<bool> now = new("--now") { Description = "Begins a rotation whatever the age of the key, unless one is under way." };

    public RotateRunCommand()
        : base(
            "run",
            "Does what is due in the rotation of a key, one safe step after another, until something has to be waited for; the next run goes on. Exit code 1: somebody has to mend something.",
            "binauthz rotate run --project acme-prod",
            "binauthz rotate run --project acme-prod --now",
            "binauthz rotate run --project acme-prod --algorithm ec-sign-p384-sha384 --format json")
    {
        Add(now);
        options.AddTo(this);
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken cancellationToken)
    {
        var services = options.Connect(arguments);
        await using (services.ConfigureAwait(false))
        {
            var (rotator, subject) = (services.GetRequiredService<KeyRotator>(), options.Subject(arguments));
            var report = await (arguments.GetValue(now) ? rotator.RenewAsync(subject, cancellationToken) : rotator.RunAsync(subject, cancellationToken)).ConfigureAwait(false);
            output.Result(RotationReportJson.Of(report), people => RotationStatusOutput.WriteSteps(people, report));
            return report.Next is RotationStep.Blocked ? ExitCode.Refused : ExitCode.Ok;
        }
    }
}
