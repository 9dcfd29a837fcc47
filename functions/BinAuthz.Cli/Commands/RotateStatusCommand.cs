using System.CommandLine;
using BinAuthz.Cli.Output;
using BinAuthz.Cli.Rotation;
using BinAuthz.Rotation;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.Cli.Commands;

/// <summary>Tells where a rotation stands. Changes nothing.</summary>
internal sealed class RotateStatusCommand : CliCommand
{
    private readonly RotationOptionSet options = new();

    public RotateStatusCommand()
        : base(
            "status",
            "Tells where the rotation of a key stands: its versions, who trusts them, which images need them, what is due and when. Changes nothing. Exit code 1: somebody has to mend something.",
            "binauthz rotate status --project acme-prod",
            "binauthz rotate status --project acme-prod --environment staging --lifetime 30d",
            "binauthz rotate status --project acme-prod --attestor production-scanned --format json") => options.AddTo(this);

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken cancellationToken)
    {
        var services = options.Connect(arguments);
        await using (services.ConfigureAwait(false))
        {
            var report = await services.GetRequiredService<KeyRotator>().LookAsync(options.Subject(arguments), cancellationToken).ConfigureAwait(false);
            var status = RotationStatus.From(services.GetRequiredService<TimeProvider>().GetUtcNow(), report, services.GetRequiredService<RotationWindows>());
            output.Result(RotationStatusOutput.ToJson(status), people => RotationStatusOutput.Write(people, status));
            return status.IsBlocked ? ExitCode.Refused : ExitCode.Ok;
        }
    }
}
