using System.CommandLine;
using System.Text.Json.Nodes;
using BinAuthz.Cli.Emulation;
using BinAuthz.Cli.Output;
using BinAuthz.Setup;

namespace BinAuthz.Cli.Commands;

/// <summary>Runs Google's side on this machine, with an environment that is set up, and the functions that sign, alert, rotate keys and audit.</summary>
internal sealed class EmulatorUpCommand : CliCommand
{
    private const string ClusterLocation = "us-central1";

    private readonly Option<string> project = new("--project") { Description = "The project id.", DefaultValueFactory = _ => "acme-prod", HelpName = "id" };
    private readonly EnvironmentOption environment = new();
    private readonly Option<string?> approval = new("--approval") { Description = "The approval policy (YAML): which images are signed. Required unless --bare.", HelpName = "file" };
    private readonly Option<string?> alerts = new("--alerts") { Description = "The alert policy (YAML): who is told of what. Default: the alerts topic alone.", HelpName = "file" };
    private readonly Option<int> restPort = new("--rest-port") { Description = "The port for REST on 127.0.0.1; 0 takes a free one.", DefaultValueFactory = _ => 8080, HelpName = "port" };
    private readonly Option<int> grpcPort = new("--grpc-port") { Description = "The port for gRPC on 127.0.0.1; 0 takes a free one.", DefaultValueFactory = _ => 8081, HelpName = "port" };
    private readonly Option<string?> data = new("--data") { Description = "A directory that keeps the state over restarts. Default: memory.", HelpName = "dir" };
    private readonly Option<bool> bare = new("--bare") { Description = "Google's APIs alone: nothing is set up, no function runs." };
    private readonly Option<string?> enforceIam = new("--enforce-iam")
    {
        Description = "Lets each function do only what the access plan (iam.yaml) grants its identity. Default: the plan that the tool was built with.",
        HelpName = "file",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<string> location = new("--location") { Description = "The Cloud KMS location.", DefaultValueFactory = _ => "us-central1", HelpName = "location" };

    public EmulatorUpCommand()
        : base(
            "up",
            "Starts the emulator, sets an environment up in it, and hosts the functions that sign, alert, rotate keys and audit. Prints one line of JSON when all of it answers, with the server URL of a GKE cluster for kubectl --server; runs until Ctrl+C.",
            "binauthz emulator up --project acme-prod --environment production --approval approval.yaml",
            "binauthz emulator up --project acme-prod --environment production --approval approval.yaml --data ./state --rest-port 0 --grpc-port 0",
            "binauthz emulator up --project acme-prod --environment production --approval approval.yaml --enforce-iam",
            "binauthz emulator up --bare --rest-port 8080 --grpc-port 8081")
    {
        Add(project);
        Add(environment);
        Add(approval);
        Add(alerts);
        Add(restPort);
        Add(grpcPort);
        Add(data);
        Add(bare);
        Add(enforceIam);
        Add(location);
        foreach (var port in (Option<int>[])[restPort, grpcPort])
        {
            port.Validators.Add(result =>
            {
                if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var number) && number is < 0 or > 65535)
                {
                    result.AddError($"{port.Name} {number} is no port: give 1 to 65535, or 0 for a free one.");
                }
            });
        }
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken cancellationToken)
    {
        var request = new EmulatedEnvironmentRequest(
            arguments.GetRequiredValue(project),
            environment.Read(arguments),
            arguments.GetValue(bare) ? null : arguments.GetValue(approval) ?? throw CommandException.Usage("--approval is missing: an attestor without an approval policy refuses to start, because it would sign anything. Name the policy, or start with --bare for Google's APIs alone."),
            arguments.GetRequiredValue(location))
        {
            RestPort = arguments.GetValue(restPort),
            GrpcPort = arguments.GetValue(grpcPort),
            DataDirectory = arguments.GetValue(data),
            Alerting = true,
            Rotating = true,
            Auditing = true,
            AlertsPath = arguments.GetValue(alerts),
            Access = ReadPlan(arguments),
        };
        var running = await EmulatedEnvironment.StartAsync(request, output.Log, cancellationToken).ConfigureAwait(false);
        await using (running.ConfigureAwait(false))
        {
            output.Document(Ready(running));
            output.Progress("Everything answers. Ctrl+C stops it.");
            await running.WaitAsync(cancellationToken).ConfigureAwait(false);
            output.Progress("Stopping.");
        }

        return ExitCode.Ok;
    }

    private AccessPlan? ReadPlan(ParseResult arguments)
    {
        if (arguments.GetResult(enforceIam) is null)
        {
            return null;
        }

        if (arguments.GetValue(bare))
        {
            throw CommandException.Usage("--enforce-iam grants the functions what they need, and with --bare none runs. Leave one of them out; a bare emulator enforces its policies with the switch enforceIam.");
        }

        if (arguments.GetValue(enforceIam) is not { } file)
        {
            return AccessPlan.Load();
        }

        try
        {
            return AccessPlan.Parse(File.ReadAllText(file), file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Usage($"The access plan '{file}' cannot be read: {error.Message} Name the file with --enforce-iam, or leave it out for the plan that the tool was built with.", error);
        }
    }

    private static JsonObject Ready(EmulatedEnvironment running)
    {
        var ready = new JsonObject
        {
            ["ready"] = true,
            ["rest"] = Text(running.Emulator.RestEndpoint),
            ["grpc"] = Text(running.Emulator.GrpcEndpoint),
            ["project"] = running.Request.Project,
            ["environment"] = running.Request.Environment.Name,
            ["cluster"] = running.Emulator.ClusterEndpoint(running.Request.Project, ClusterLocation, running.Request.Environment.Name).ToString(),
        };
        if (running.Function is { } function)
        {
            ready["attestor"] = running.Request.Attestor.ToString();
            ready["key"] = running.Request.Key.ToString();
            ready["function"] = Text(function.Address);
        }

        if (running.Alerts is { } alerts)
        {
            ready["alerts"] = Text(alerts.Address);
            ready["alertsSubscription"] = running.AlertsSubscription;
        }

        if (running.Rotation is { } rotation)
        {
            ready["rotation"] = Text(rotation.Address);
        }

        if (running.Audit is { } audit)
        {
            ready["audit"] = Text(audit.Address);
            ready["findingsSubscription"] = running.FindingsSubscription;
        }

        return ready;
    }

    private static string Text(Uri address) => address.GetLeftPart(UriPartial.Authority);
}
