using BinAuthz.Alerting.Secrets;
using BinAuthz.Approval;
using BinAuthz.Cli.Commands;
using BinAuthz.Emulator;
using BinAuthz.Keys;
using BinAuthz.Setup;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.Cli.Emulation;

/// <summary>The emulator, and unless it is bare an environment in it: set up by the library, its events routed to the functions in their real host.</summary>
internal sealed class EmulatedEnvironment : IAsyncDisposable
{
    private const string SignImage = "BinAuthz.Functions.SignImageFunction";
    private const string AlertOnDenial = "BinAuthz.Functions.AlertOnDenialFunction";
    private const string RotateKey = "BinAuthz.Functions.RotateKeyFunction";
    private const string AuditAttestations = "BinAuthz.Functions.AuditAttestationsFunction";

    private static readonly TimeSpan Minutely = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hourly = TimeSpan.FromHours(1);
    private static readonly TimeSpan Daily = TimeSpan.FromDays(1);

    private readonly List<ScheduledJob> jobs = [];
    private EmulatedAlertPolicy? alertPolicy;

    private EmulatedEnvironment(EmulatedEnvironmentRequest request, EmulatorHost emulator)
    {
        Request = request;
        Emulator = emulator;
    }

    /// <summary>What was asked for.</summary>
    public EmulatedEnvironmentRequest Request { get; }

    /// <summary>Google's side.</summary>
    public EmulatorHost Emulator { get; }

    /// <summary>The function that signs; null when bare.</summary>
    public FunctionProcess? Function { get; private set; }

    /// <summary>The function that alerts; null when bare or not asked for.</summary>
    public FunctionProcess? Alerts { get; private set; }

    /// <summary>The function that rotates keys; null when bare or not asked for.</summary>
    public FunctionProcess? Rotation { get; private set; }

    /// <summary>The function that audits; null when bare or not asked for.</summary>
    public FunctionProcess? Audit { get; private set; }

    /// <summary>Where a person can pull what audits find, <c>projects/P/subscriptions/ENVIRONMENT-findings</c>.</summary>
    public string FindingsSubscription => EventRoutes.FindingsSubscription(Request.Project, Request.Environment.Name);

    /// <summary>Where a person can pull the environment's alerts, <c>projects/P/subscriptions/ENVIRONMENT-alerts</c>.</summary>
    public string AlertsSubscription => EventRoutes.AlertsSubscription(Request.Project, Request.Environment.Name);

    /// <summary>Starts everything, and returns when everything answers.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="log">Told what is going on, and what the functions print.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    public static async Task<EmulatedEnvironment> StartAsync(EmulatedEnvironmentRequest request, Action<string> log, CancellationToken cancellationToken)
    {
        var policy = ReadPolicy(request);
        var emulator = await StartEmulatorAsync(request, cancellationToken).ConfigureAwait(false);
        var running = new EmulatedEnvironment(request, emulator);
        try
        {
            if (request.ApprovalPath is { } approval)
            {
                running.alertPolicy = request.Alerting ? EmulatedAlertPolicy.Open(request) : null;
                await running.SetUpAsync(FurtherAttestors(request, policy!), log, cancellationToken).ConfigureAwait(false);
                running.Enforce(policy!, log);
                await Task.WhenAll(
                    running.StartSigningAsync(approval, log, cancellationToken),
                    running.StartAlertingAsync(log, cancellationToken),
                    running.StartRotatingAsync(approval, log, cancellationToken),
                    running.StartAuditingAsync(approval, log, cancellationToken)).ConfigureAwait(false);
                running.Schedule(log);
            }

            return running;
        }
        catch
        {
            await running.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Returns when it is told to stop.</summary>
    /// <exception cref="CommandException">A function ended before that.</exception>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        var told = Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        var ends = Functions.ToDictionary(function => function.Ended);
        if (ends.TryGetValue(await Task.WhenAny([told, .. ends.Keys]).ConfigureAwait(false), out var ended))
        {
            throw ended.Failure();
        }

        await told.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Stops the functions, then the emulator.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var job in jobs)
        {
            await job.DisposeAsync().ConfigureAwait(false);
        }

        await Task.WhenAll(Functions.Select(function => function.DisposeAsync().AsTask())).ConfigureAwait(false);
        await Emulator.DisposeAsync().ConfigureAwait(false);
        alertPolicy?.Dispose();
    }

    private IEnumerable<FunctionProcess> Functions => new[] { Function, Alerts, Rotation, Audit }.OfType<FunctionProcess>();

    private async Task StartSigningAsync(string approval, Action<string> log, CancellationToken cancellationToken)
    {
        Function = await FunctionProcess.StartAsync(SignImage, Settings("signer", nameof(BinAuthzOptions.Approval), Path.GetFullPath(approval)), log, cancellationToken).ConfigureAwait(false);
        using var channel = GrpcChannel.ForAddress(Emulator.GrpcEndpoint);
        await Routes(channel).RouteAsync(Function.Address, cancellationToken).ConfigureAwait(false);
    }

    private async Task StartAlertingAsync(Action<string> log, CancellationToken cancellationToken)
    {
        if (alertPolicy is not { } alerts)
        {
            return;
        }

        Alerts = await FunctionProcess.StartAsync(AlertOnDenial, Settings("alerter", nameof(BinAuthzOptions.Alerts), alerts.Path), log, cancellationToken).ConfigureAwait(false);
        using var channel = GrpcChannel.ForAddress(Emulator.GrpcEndpoint);
        var environments = alerts.Policy.Environments.Select(environment => environment.Name);
        await Routes(channel).RouteDenialsAsync(Alerts.Address, environments, cancellationToken).ConfigureAwait(false);
    }

    private async Task StartRotatingAsync(string approval, Action<string> log, CancellationToken cancellationToken)
    {
        if (!Request.Rotating)
        {
            return;
        }

        Rotation = await FunctionProcess.StartAsync(RotateKey, Settings("rotator", nameof(BinAuthzOptions.Approval), Path.GetFullPath(approval)), log, cancellationToken).ConfigureAwait(false);
    }

    private async Task StartAuditingAsync(string approval, Action<string> log, CancellationToken cancellationToken)
    {
        if (!Request.Auditing)
        {
            return;
        }

        Audit = await FunctionProcess.StartAsync(AuditAttestations, Settings("auditor", nameof(BinAuthzOptions.Approval), Path.GetFullPath(approval)), log, cancellationToken).ConfigureAwait(false);
        using var channel = GrpcChannel.ForAddress(Emulator.GrpcEndpoint);
        await Routes(channel).RouteAuditsAsync(Audit.Address, cancellationToken).ConfigureAwait(false);
    }

    private void Schedule(Action<string> log)
    {
        if (Alerts is not null)
        {
            jobs.Add(ScheduledJob.ByMessage("sweep-alerts", Minutely, Emulator.GrpcEndpoint, EventRoutes.Denials(Request.Project), """{"sweep":true}""", log));
        }

        if (Rotation is { } rotation)
        {
            jobs.Add(ScheduledJob.OverHttp("rotate-key", Hourly, rotation.Address, log));
        }

        if (Audit is { } audit)
        {
            jobs.Add(ScheduledJob.OverHttp("audit-attestations", Daily, audit.Address, log));
        }
    }

    // Read before anything starts, so that a mistake costs no time.
    private static ApprovalPolicy? ReadPolicy(EmulatedEnvironmentRequest request)
    {
        if (request.ApprovalPath is not { } path)
        {
            return null;
        }

        using var services = new ServiceCollection().AddBinAuthz(new BinAuthzOptions { Approval = path }).BuildServiceProvider();
        var policy = services.GetRequiredService<ApprovalPolicy>();
        return policy.Attestors.Any(each => each.Attestor == request.Attestor)
            ? policy
            : throw CommandException.Usage($"{path} approves for {string.Join(", ", policy.Attestors.Select(each => each.Attestor))}, but --project {request.Project} --environment {request.Environment} sets up {request.Attestor}. Make the two agree.");
    }

    // The policy's attestors besides the environment's own.
    private static string[] FurtherAttestors(EmulatedEnvironmentRequest request, ApprovalPolicy policy) =>
        [.. policy.Attestors.Select(each => each.Attestor).Where(attestor => attestor != request.Attestor && attestor.Project == request.Project).Select(attestor => attestor.Id)];

    private void Enforce(ApprovalPolicy policy, Action<string> log)
    {
        if (Request.Access is not { } plan)
        {
            return;
        }

        var names = Names with
        {
            Attestors = [.. FurtherAttestors(Request, policy).Select(id => Request.Environment.FurtherAttestor(Request.Project, Request.Location, id)).Prepend(Request.Environment.Attestor(Request.Project, Request.Location))],
            Repositories = EnforcedAccess.Repositories(policy),
            ChannelSecrets = [.. (alertPolicy?.Policy.Channels ?? []).SelectMany(channel => channel.Secrets).OfType<SecretReference.Managed>().Select(secret => secret.Version.Secret).Distinct()],
        };
        EnforcedAccess.Enforce(Emulator, plan, names);
        log($"IAM is enforced: {string.Join(", ", plan.Identities.Select(identity => names.Email(identity.Name)))} may do what the plan grants; calls without a token may do everything");
    }

    private EventRoutes Routes(GrpcChannel channel) => new(channel, Request.Project, Request.Location, Request.Environment.Name);

    private AccessNames Names => new(Request.Project, Request.Environment, Request.Location);

    private static async Task<EmulatorHost> StartEmulatorAsync(EmulatedEnvironmentRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var options = new EmulatorOptions { RestPort = request.RestPort, GrpcPort = request.GrpcPort, DataDirectory = request.DataDirectory };
            return await EmulatorHost.StartAsync(options, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException error)
        {
            throw CommandException.Usage($"The emulator cannot listen on ports {request.RestPort} and {request.GrpcPort}, or not write to its data directory: {error.Message} Choose others with --rest-port, --grpc-port and --data; port 0 takes a free one.", error);
        }
    }

    private async Task SetUpAsync(string[] further, Action<string> log, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection().AddGoogleCloud(new BinAuthzOptions { Endpoint = Emulator.GrpcEndpoint }).BuildServiceProvider();
        await using (services.ConfigureAwait(false))
        {
            var request = new SetupRequest(Request.Project, Request.Environment, Request.Location, SignatureAlgorithm.Default) { FurtherAttestors = further };
            var progress = new SetupProgress(step => log($"{(step.Change ? "made" : "kept")} {step.Kind} {step.Resource}: {step.Detail}"));
            await services.GetRequiredService<EnvironmentSetup>().ApplyAsync(request, progress, cancellationToken).ConfigureAwait(false);
        }
    }

    private Dictionary<string, string> Settings(string identity, string policy, string path)
    {
        var settings = new Dictionary<string, string>
        {
            [Setting(policy)] = path,
            [Setting(nameof(BinAuthzOptions.Location))] = Request.Location,
            [Setting(nameof(BinAuthzOptions.Endpoint))] = Emulator.GrpcEndpoint.ToString(),
        };
        if (Request.Access is not null)
        {
            settings[Setting(nameof(BinAuthzOptions.Principal))] = Names.Email(identity);
        }

        return settings;
    }

    private static string Setting(string name) => $"{BinAuthzOptions.Section}__{name}";
}
