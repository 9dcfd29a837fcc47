using System.CommandLine;
using System.Text.Json.Nodes;
using BinAuthz.Alerting;
using BinAuthz.Alerting.Channels;
using BinAuthz.Cli.Alerts;
using BinAuthz.Cli.Output;
using BinAuthz.Denials;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace BinAuthz.Cli.Commands;

/// <summary>Sends a test alert through the channels of an alert policy, or shows what would be sent.</summary>
internal sealed class AlertsSendTestCommand : CliCommand
{
    private readonly Option<string> file = new("--alerts") { Description = "The alert policy.", HelpName = "file", DefaultValueFactory = _ => "alerts.yaml" };
    private readonly Option<string[]> channels = new("--channel") { Description = "Only this channel; may be given several times.", HelpName = "name", AllowMultipleArgumentsPerToken = true };
    private readonly Option<bool> print = new("--print") { Description = "Show what would be sent, secrets masked, and send nothing." };
    private readonly EndpointOption endpoint = new();

    public AlertsSendTestCommand()
        : base(
            "send-test",
            "Sends an alert that says it is a test through every channel, all at once, and tells which took it. Exit code 3: one did not; 2: the alert policy is wrong.",
            "binauthz alerts send-test",
            "binauthz alerts send-test --alerts alerts.yaml --channel oncall --channel team",
            "binauthz alerts send-test --print --format json")
    {
        Add(file);
        Add(channels);
        Add(print);
        Add(endpoint);
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken cancellationToken)
    {
        var policy = AlertPolicyFile.Read(arguments.GetRequiredValue(file)).Demand();
        var services = new ServiceCollection().AddGoogleCloud(new BinAuthzOptions { Endpoint = arguments.GetValue(endpoint) }).AddAlertChannels(policy).BuildServiceProvider();
        await using (services.ConfigureAwait(false))
        {
            var chosen = Choose(services.GetRequiredService<AlertChannels>().All, arguments.GetValue(channels) ?? []);
            var alert = TestAlert(policy, TimeProvider.System.GetUtcNow());
            if (arguments.GetValue(print))
            {
                output.Result(new JsonObject { ["channels"] = new JsonArray([.. chosen.Select(channel => Shown(channel, alert))]) }, people => Print(people, chosen, alert));
                return ExitCode.Ok;
            }

            var results = await Task.WhenAll(chosen.Select(channel => SendAsync(channel, alert, cancellationToken))).ConfigureAwait(false);
            output.Result(
                new JsonObject { ["channels"] = new JsonArray([.. results.Select(result => new JsonObject { ["channel"] = result.Channel, ["ok"] = result.Failure is null, ["reason"] = result.Failure })]) },
                people => Print(people, results));
            return results.All(result => result.Failure is null) ? ExitCode.Ok : ExitCode.Infrastructure;
        }
    }

    private static IReadOnlyList<IAlertChannel> Choose(IReadOnlyList<IAlertChannel> all, string[] names)
    {
        if (all.Count == 0)
        {
            throw CommandException.Usage("The alert policy has no channels. Declare one under channels, and name it in routes.");
        }

        return names.FirstOrDefault(name => all.All(channel => channel.Name != name)) is { } unknown
            ? throw CommandException.Usage($"The alert policy has no channel '{unknown}'. It has {string.Join(", ", all.Select(channel => channel.Name))}.")
            : [.. all.Where(channel => names.Length == 0 || names.Contains(channel.Name))];
    }

    private static async Task<(string Channel, string? Failure)> SendAsync(IAlertChannel channel, Alert alert, CancellationToken cancellationToken)
    {
        try
        {
            await channel.SendAsync(alert, cancellationToken).ConfigureAwait(false);
            return (channel.Name, null);
        }
        catch (AlertChannelException error)
        {
            return (channel.Name, error.Message);
        }
    }

    private static Alert TestAlert(AlertPolicy policy, DateTimeOffset now) => new(
        $"test-{Guid.NewGuid():N}",
        AlertStage.Test,
        FindingKind.Denial,
        AlertSeverity.Info,
        policy.Environments[0].Name,
        "This is a test of binauthz; nothing was denied.",
        "Somebody ran `binauthz alerts send-test` to see whether this channel works. There is nothing to do.",
        "",
        1,
        now,
        now)
    {
        Facts = [KeyValuePair.Create("project", policy.Project)],
    };

    private static JsonObject Shown(IAlertChannel channel, Alert alert) => new() { ["channel"] = channel.Name, ["payload"] = channel.Preview(alert) };

    private static void Print(IAnsiConsole people, IReadOnlyList<IAlertChannel> chosen, Alert alert)
    {
        foreach (var channel in chosen)
        {
            people.WriteLine($"{channel.Name}:", new Style(decoration: Decoration.Bold));
            people.WriteLine(channel.Preview(alert));
        }
    }

    private static void Print(IAnsiConsole people, IReadOnlyList<(string Channel, string? Failure)> results)
    {
        foreach (var (channel, failure) in results)
        {
            people.WriteLine(failure is null ? $"{channel}: ok" : $"{channel}: failed. {failure}", new Style(failure is null ? Color.Green : Color.Red));
        }
    }
}
