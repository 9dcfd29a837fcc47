using System.Text;
using BinAuthz.EndToEnd.Tests.Alerting;
using BinAuthz.Functions;
using BinAuthz.Functions.Events;
using BinAuthz.GoogleCloud;
using BinAuthz.Rotation;
using BinAuthz.Setup;
using BinAuthz.Signing;
using CloudNative.CloudEvents;
using Grpc.Core;

namespace BinAuthz.EndToEnd.Tests.Rotation.Simulation;

/// <summary>One project with its rotator, its signer and the messages between them, as a history drives them.</summary>
internal sealed class HistoryWorld : IAsyncDisposable
{
    private const int MostAttempts = 8;
    private readonly SimulationSite site;
    private readonly SimulatedRegistry registry;
    private readonly BinAuthzOptions options;
    private readonly BinAuthzOptions signerOptions;
    private readonly SimulationDefect? defect;
    private readonly Dictionary<string, SimulatedProcess> processes = [];
    private readonly string policyPath;
    private int published;
    private int pushes;
    private int messages;

    public HistoryWorld(SimulationSite site, SimulatedRegistry registry, string id, SimulationSettings settings, SimulationDefect? defect)
    {
        (this.site, this.registry, this.defect, Settings) = (site, registry, defect, settings);
        Project = new SimulatedProject(site, id);
        Invariants = new Invariants(Project, settings, site.Clock);
        policyPath = Path.Combine(site.Scratch.FullName, $"{id}.yaml");
        SetPolicy(ImageMerit.Good, ImageMerit.Doubtful);
        options = Options(settings.TrustLifetime, "rotator");
        signerOptions = Options(defect?.TrustLifetime ?? settings.TrustLifetime, "signer");
        site.Emulator.Switches.AttestorPropagation = settings.Propagation;
        site.Emulator.Switches.KeyGenerationTime = settings.Generation;
        site.Emulator.Switches.RefuseDuplicateAttestations = settings.RefuseDuplicates;
        site.Emulator.Switches.RefuseAttestationUpdates = settings.RefuseUpdates;
    }

    public SimulationSettings Settings { get; }

    public SimulatedProject Project { get; }

    public Invariants Invariants { get; }

    /// <summary>What the signer has not acknowledged.</summary>
    public List<Delivery> Pending { get; } = [];

    /// <summary>How often which step was done.</summary>
    public Dictionary<string, int> Counts { get; } = [];

    /// <summary>What the rotator said last.</summary>
    public RotationReport? LastReport { get; private set; }

    public SigningIdentity Subject => new("production", Project.Attestor, Project.Key);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async Task SetUpAsync()
    {
        await Project.SetUpAsync(Process("setup", calls => SimulatedProcess.Rotator(site, Project, Options(TimeSpan.Zero, identity: null), TimeSpan.Zero, calls, defect: null), BeforeRotatorsAsync).Get<TrustSetup>());
        WorldAccess.Enforce(site.Emulator, Project.Id);
        site.Clock.Advance(TimeSpan.FromHours(1));
        await Invariants.CheckAsync();
    }

    public void Advance(TimeSpan time) => site.Clock.Advance(time);

    public DateTimeOffset Now => site.Clock.GetUtcNow();

    public void Fail(string method, StatusCode code, int times, bool afterCommit) => site.Emulator.Faults.FailNext(method, code, times, afterCommit);

    public void StopFailing() => site.Emulator.Faults.Clear();

    /// <summary>The process of a name, which is made anew after it was killed.</summary>
    public SimulatedProcess Rotator(string name) => Process(name, calls => SimulatedProcess.Rotator(site, Project, options, Settings.RotatorSkew, calls, defect?.Decide), BeforeRotatorsAsync);

    /// <summary>The signer's instance, which is made anew after it was killed.</summary>
    public SimulatedProcess Signer() => Process("signer", calls => SimulatedProcess.Signer(site, signerOptions, Settings.SignerSkew, calls), Invariants.BeforeSignersAsync);

    /// <summary>Deploys the signer with a policy that refuses doubtful images.</summary>
    public async Task BecomeStrictAsync()
    {
        SetPolicy(ImageMerit.Good);
        if (processes.Remove("signer", out var before))
        {
            await before.DisposeAsync();
        }

        Invariants.BecomeStrict();
    }

    /// <summary>Pushes an image; the announcement waits among <see cref="Pending"/>.</summary>
    /// <returns>The image, then its platforms.</returns>
    public async Task<IReadOnlyList<SimulatedImage>> PushAsync(ImageMerit merit, bool isIndex, bool announce = true)
    {
        var parts = await registry.PushAsync(Project.Id, "web", $"{Project.Id}-{pushes++}", merit, isIndex);
        SimulatedImage[] images = [.. parts.Select(part => new SimulatedImage(part, merit))];
        Invariants.Images.AddRange(images);
        if (announce)
        {
            Pending.Add(new Delivery($"push-{messages++}", Encoding.UTF8.GetBytes($$"""{"action":"INSERT","digest":"{{parts[0]}}"}"""), images));
        }

        return images;
    }

    /// <summary>Has the rotator do something; failures are for its next run.</summary>
    public async Task<string> RotateAsync(string name, Func<KeyRotator, Task<RotationReport>> act)
    {
        var said = await TryAsync(async () =>
        {
            var report = await act(Rotator(name).Get<KeyRotator>());
            LastReport = report;
            report.State.Records.Where(record => record.Kind == KeyRecordKind.Cleared).ToList().ForEach(record => Invariants.Cleared(record.Version.PublicKeyId));
            report.Performed.Select(step => step.Code).Append($"then-{report.Next.Code}").ToList().ForEach(Count);
            return string.Join(", ", report.Performed.Select(step => step.Code).Append($"then {report.Next.Code}"));
        });
        await TakeMessagesAsync();
        return said;
    }

    private async Task TakeMessagesAsync()
    {
        if (Interlocked.Exchange(ref published, 0) > 0)
        {
            Pending.AddRange((await Project.TakeMessagesAsync()).Select(data => new Delivery($"rotation-{messages++}", data.ToByteArray(), [])));
        }
    }

    /// <summary>Hands the signer everything that waits.</summary>
    public async Task DeliverAllAsync()
    {
        foreach (var delivery in Pending.ToArray())
        {
            await DeliverAsync(delivery);
        }
    }

    /// <summary>Hands a message to the signer.</summary>
    /// <param name="delivery">One of <see cref="Pending"/>.</param>
    /// <param name="keeps">Whether it is delivered once more later although it was acknowledged.</param>
    public async Task<string> DeliverAsync(Delivery delivery, bool keeps = false)
    {
        delivery.Attempts++;
        Invariants.DeliveryBegins();
        var acknowledged = false;
        var said = await TryAsync(async () =>
        {
            var cloudEvent = new CloudEvent { Id = delivery.Id, Source = new Uri("//pubsub.googleapis.com/", UriKind.Relative), Type = MessagePublished.EventType };
            var function = Signer().Get<SignImageFunction>();
            await function.HandleAsync(cloudEvent, new MessagePublished { Message = new PubsubMessage { MessageId = delivery.Id, Data = delivery.Data } }, Cancellation);
            acknowledged = true;
            return "acknowledged";
        });
        if (acknowledged)
        {
            delivery.Pushed.ToList().ForEach(image => image.IsAcknowledged = true);
        }

        if (acknowledged ? !keeps : delivery.Attempts >= MostAttempts)
        {
            Pending.Remove(delivery);
        }

        return $"{delivery.Id} {said}";
    }

    public async ValueTask DisposeAsync()
    {
        StopFailing();
        foreach (var process in processes.Values)
        {
            await process.DisposeAsync();
        }

        Invariants.Dispose();
        File.Delete(policyPath);
    }

    public void Count(string what) => Counts[what] = Counts.GetValueOrDefault(what) + 1;

    private Task BeforeRotatorsAsync(string method, string resource)
    {
        Interlocked.Add(ref published, method == "Publish" ? 1 : 0);
        return Invariants.BeforeRotatorsAsync(method, resource);
    }

    // What ends a process or is for a later run; anything else is a defect.
    private static async Task<string> TryAsync(Func<Task<string>> act)
    {
        try
        {
            return await act();
        }
        catch (Exception error) when (error is GoogleCallException or RotationException or SigningException or NotYetException or ProcessKilledException)
        {
            return $"failed: {error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")}";
        }
    }

    private SimulatedProcess Process(string name, Func<RemoteCalls, SimulatedProcess> start, Func<string, string, Task> before)
    {
        if (!processes.TryGetValue(name, out var process) || process.Calls.IsKilled)
        {
            process = start(new RemoteCalls(site.Network) { Before = before, After = Invariants.AfterAsync });
            processes[name] = process;
        }

        return process;
    }

    private BinAuthzOptions Options(TimeSpan trustLifetime, string? identity) => new()
    {
        Principal = identity is null ? null : WorldAccess.Principal(Project.Id, identity),
        Endpoint = site.Emulator.GrpcEndpoint,
        Approval = policyPath,
        TrustLifetime = trustLifetime,
        Rotation = new RotationOptions
        {
            Lifetime = Settings.Lifetime,
            Overlap = Settings.Overlap,
            DisabledBeforeDestroy = Settings.DisabledBeforeDestroy,
            ImagesPerMinute = Settings.ImagesPerMinute,
            BatchSize = 2,
        },
    };

    private void SetPolicy(params IEnumerable<ImageMerit> approved) =>
        File.WriteAllText(policyPath, SimulatedRegistry.Policy(Project.Id, defect is { ApprovesAnything: true } ? Enum.GetValues<ImageMerit>() : approved));
}
