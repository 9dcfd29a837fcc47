using System.CommandLine;
using System.Text.Json.Nodes;
using BinAuthz.Cli.Demo;
using BinAuthz.Cli.Emulation;
using BinAuthz.Cli.Output;
using BinAuthz.Setup;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace BinAuthz.Cli.Commands;

/// <summary>Shows the main job on this machine: needs no account, no network and no configuration.</summary>
internal sealed class DemoCommand : CliCommand
{
    private readonly Option<bool> verbose = new("--verbose") { Description = "Shows what the emulator's setup and the function print, on stderr." };

    public DemoCommand()
        : base(
            "demo",
            "Shows on this machine, without any account, how an image is signed on push, verified, refused, and not signed twice. Exit code 0 only if every line held.",
            "binauthz demo",
            "binauthz demo --format json") =>
        Add(verbose);

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        var scratch = Directory.CreateTempSubdirectory("binauthz-demo-");
        try
        {
            var approval = Path.Combine(scratch.FullName, "approval.yaml");
            await File.WriteAllTextAsync(approval, DemoStory.ApprovalPolicy, cancellationToken).ConfigureAwait(false);
            var log = new FunctionLog();
            var report = new DemoReport(output);
            var shown = arguments.GetValue(verbose);
            output.Progress("Starting the emulator and the function…");
            var request = new EmulatedEnvironmentRequest("acme-prod", DeploymentEnvironment.Production, approval, "us-central1");
            var running = await EmulatedEnvironment.StartAsync(request, Keep, cancellationToken).ConfigureAwait(false);
            await using (running.ConfigureAwait(false))
            {
                var services = new ServiceCollection().AddBinAuthz(new BinAuthzOptions { Approval = approval, Endpoint = running.Emulator.GrpcEndpoint }).BuildServiceProvider();
                await using (services.ConfigureAwait(false))
                {
                    using var story = new DemoStory(running, services, report, log, scratch);
                    await story.TellAsync(cancellationToken).ConfigureAwait(false);
                }
            }

            Conclude(output, report, TimeProvider.System.GetElapsedTime(started));
            return report.AllHeld ? ExitCode.Ok : ExitCode.Refused;

            void Keep(string line)
            {
                log.Add(line);
                if (shown)
                {
                    output.Log(line);
                }
            }
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    private static void Conclude(CommandOutput output, DemoReport report, TimeSpan elapsed)
    {
        var words = report.AllHeld ? "Everything held" : "Not everything held";
        output.Result(
            new JsonObject { ["held"] = report.AllHeld, ["seconds"] = Math.Round(elapsed.TotalSeconds, 1), ["lines"] = report.Lines },
            people =>
            {
                people.WriteLine();
                people.WriteLine($"{words}, in {elapsed.TotalSeconds:F1} s. Run it yourself: binauthz emulator up --help", new Style(report.AllHeld ? Color.Green : Color.Red));
            });
    }
}
