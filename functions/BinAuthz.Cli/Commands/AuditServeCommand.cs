using System.CommandLine;
using System.Text.Json.Nodes;
using BinAuthz.Cli.Auditing.Serving;
using BinAuthz.Cli.Output;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.Cli.Commands;

/// <summary>Shows reports on a web page of this machine until it is stopped.</summary>
internal sealed class AuditServeCommand : CliCommand
{
    private readonly Option<int> port = new("--port") { Description = "On 127.0.0.1; 0: any that is free.", DefaultValueFactory = _ => 0, HelpName = "port" };
    private readonly AuditArchiveOptions archive = new();

    public AuditServeCommand()
        : base(
            "serve",
            "Shows the reports of an environment on a web page of this machine: the list and whether its chain is whole, the trend, each report, the difference between two. Prints the address; Ctrl+C stops it.",
            "binauthz audit serve --project acme-prod",
            "binauthz audit serve --data ./evidence --public-key audit-key-1.pem --port 8090")
    {
        Add(port);
        archive.AddTo(this);
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken cancellationToken)
    {
        var services = archive.Connect(arguments);
        await using (services.ConfigureAwait(false))
        {
            var site = await ReportSite.StartAsync(
                archive.Archive(arguments, services), archive.Keys(arguments, services), archive.Environment(arguments).Name, arguments.GetValue(port), services.GetRequiredService<TimeProvider>(), cancellationToken).ConfigureAwait(false);
            await using (site.ConfigureAwait(false))
            {
                output.Result(new JsonObject { ["ready"] = true, ["address"] = site.Address.ToString() }, people => Spectre.Console.AnsiConsoleExtensions.WriteLine(people, site.Address.ToString()));
                await WaitAsync(cancellationToken).ConfigureAwait(false);
            }

            return ExitCode.Ok;
        }
    }

    // Ctrl+C is how it ends well.
    private static async Task WaitAsync(CancellationToken cancellationToken)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var registration = cancellationToken.Register(stopped.SetResult);
        await using (registration.ConfigureAwait(false))
        {
            await stopped.Task.ConfigureAwait(false);
        }
    }
}
