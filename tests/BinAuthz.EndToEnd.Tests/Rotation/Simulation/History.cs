using System.Globalization;
using BinAuthz.Keys;
using BinAuthz.Rotation;
using Grpc.Core;
using State = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionState;

namespace BinAuthz.EndToEnd.Tests.Rotation.Simulation;

/// <summary>A random sequence of what can happen to a project, with everything checked after each step. A seed gives the same history again.</summary>
internal sealed class History(HistoryWorld world, Random random)
{
    private const int Fewest = 6;
    private const int Most = 14;
    private const int LongestRun = 40;

    private static readonly string[] Failing =
    [
        "AsymmetricSign", "UpdateAttestor", "CreateCryptoKeyVersion", "UpdateCryptoKeyVersion", "DestroyCryptoKeyVersion", "BatchCreateOccurrences", "CreateOccurrence",
        "UpdateOccurrence", "Publish", "GetCryptoKey", "GetPublicKey", "storage.objects.insert", "storage.objects.list",
    ];

    private readonly List<string> trace = [];
    private readonly Queue<(string Name, Func<Task<string>> Act)> planned = [];
    private readonly Dictionary<string, DateTimeOffset> compromised = [];

    /// <summary>What happened, step by step.</summary>
    public IReadOnlyList<string> Trace => trace;

    private Invariants Invariants => world.Invariants;

    /// <summary>Makes it happen.</summary>
    /// <exception cref="SimulationViolationException">Something that must always hold did not.</exception>
    public async Task HappenAsync()
    {
        trace.Add(world.Settings.ToString());
        await world.SetUpAsync();
        await StepAsync("push", () => PushAsync(ImageMerit.Good));
        await StepAsync("deliver all", DeliverAllAsync);
        var steps = random.Next(Fewest, Most + 1);
        for (var step = 0; step < steps || planned.Count > 0; step++)
        {
            var (name, act) = planned.TryDequeue(out var next) ? next : Choose();
            await StepAsync(name, act);
        }

        // What was begun is finished: nothing may go wrong on the way.
        for (var round = 0; round < 2; round++)
        {
            await StepAsync("settle", SettleAsync);
        }
    }

    private async Task StepAsync(string name, Func<Task<string>> act)
    {
        world.Count(name);
        var said = await act();
        trace.Add(string.Create(CultureInfo.InvariantCulture, $"{world.Now:u} {name}: {said}"));
        await Invariants.CheckAsync();
        if (Invariants.Violation is { } violation)
        {
            throw violation;
        }
    }

    private (string Name, Func<Task<string>> Act) Choose()
    {
        (int Weight, string Name, Func<Task<string>> Act)[] acts =
        [
            (12, "push", () => PushAsync(ImageMerit.Good)),
            (4, "push doubtful", () => PushAsync(ImageMerit.Doubtful)),
            (4, "push bad", () => PushAsync(ImageMerit.Bad)),
            (6, "deploy", DeployAsync),
            (10, "deliver one", () => DeliverOneAsync(keeps: false)),
            (3, "deliver twice", () => DeliverOneAsync(keeps: true)),
            (4, "kill delivery", KillDeliveryAsync),
            (12, "deliver all", DeliverAllAsync),
            (22, "time", PassAsync),
            (20, "rotate", RotateAsync),
            (3, "rotate again", () => world.RotateAsync("second", rotator => rotator.RunAsync(world.Subject, Cancellation))),
            (5, "renew", RenewAsync),
            (5, "two at once", TwoAtOnceAsync),
            (8, "kill rotator", KillRotatorAsync),
            (6, "quota", FailAsync),
            (9, "by hand", MeddleAsync),
            (5, "by hand meanwhile", MeddleMeanwhileAsync),
            (5, "revoke", RevokeAsync),
            (1, "forge", ForgeAsync),
            (3, "abuse", AbuseAsync),
            (2, "strict", BecomeStrictAsync),
        ];
        var drawn = random.Next(acts.Sum(each => each.Weight));
        foreach (var each in acts)
        {
            drawn -= each.Weight;
            if (drawn < 0)
            {
                return (each.Name, each.Act);
            }
        }

        throw new InvalidOperationException("Nothing was drawn.");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private async Task<string> PushAsync(ImageMerit merit)
    {
        var image = await world.PushAsync(merit, isIndex: random.Next(6) == 0);
        return $"{image[0].Reference.Digest.Hex[..8]} of {image.Count}";
    }

    private async Task<string> DeployAsync()
    {
        var image = Pick(Invariants.Images);
        var refusal = await world.Project.RefusalAsync([image.Reference], dryRun: false);
        Invariants.Judge(image, refusal.Length == 0);
        return refusal.Length == 0 ? "admitted" : "denied";
    }

    private async Task<string> DeliverOneAsync(bool keeps) => world.Pending.Count == 0 ? "nothing waits" : await world.DeliverAsync(Pick(world.Pending), keeps);

    private async Task<string> DeliverAllAsync()
    {
        var said = new List<string>();
        foreach (var delivery in world.Pending.OrderBy(_ => random.Next()).ToArray())
        {
            said.Add(await world.DeliverAsync(delivery));
        }

        return string.Join("; ", said);
    }

    private Task<string> KillDeliveryAsync()
    {
        var calls = world.Signer().Calls;
        (calls.KillAt, calls.KillAfterEffect) = (calls.Count + random.Next(1, 18), random.Next(2) == 0);
        return DeliverOneAsync(keeps: false);
    }

    private Task<string> PassAsync()
    {
        var windows = world.Settings;
        TimeSpan[] spans =
        [
            TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(6), TimeSpan.FromMinutes(15), TimeSpan.FromHours(2), TimeSpan.FromDays(1),
            windows.Overlap + TimeSpan.FromMinutes(8), windows.Lifetime, windows.DisabledBeforeDestroy, TimeSpan.FromDays(31),
        ];
        return PassAsync(Pick(spans));
    }

    private Task<string> PassAsync(TimeSpan span)
    {
        world.Advance(span);
        return Task.FromResult(span.ToString());
    }

    private Task<string> RotateAsync() => world.RotateAsync("rotator", rotator => rotator.RunAsync(world.Subject, Cancellation));

    private Task<string> RenewAsync() => world.RotateAsync("rotator", rotator => rotator.RenewAsync(world.Subject, Cancellation));

    // The whole of it: a rotation hands a forgery on before anybody knows of it.
    private Task<string> AbuseAsync()
    {
        planned.Enqueue(("renew", RenewAsync));
        planned.Enqueue(("time", () => PassAsync(TimeSpan.FromMinutes(8))));
        planned.Enqueue(("rotate", RotateAsync));
        planned.Enqueue(random.Next(3) == 0 ? ("kill delivery", KillDeliveryAsync) : ("deliver all", DeliverAllAsync));
        if (random.Next(2) == 0)
        {
            planned.Enqueue(("time", () => PassAsync(world.Settings.Overlap)));
            planned.Enqueue(("rotate", RotateAsync));
        }

        planned.Enqueue(("revoke", RevokeAsync));
        planned.Enqueue(("deliver all", DeliverAllAsync));
        planned.Enqueue(("rotate", RotateAsync));
        return ForgeAsync();
    }

    private async Task<string> SettleAsync()
    {
        world.Advance(TimeSpan.FromMinutes(10) + (random.Next(2) == 0 ? world.Settings.Overlap : TimeSpan.Zero));
        var said = await RotateAsync();
        return $"{said}; {await DeliverAllAsync()}";
    }

    private Task<string> KillRotatorAsync()
    {
        var calls = world.Rotator("rotator").Calls;
        (calls.KillAt, calls.KillAfterEffect) = (calls.Count + random.Next(1, LongestRun), random.Next(2) == 0);
        return RotateAsync();
    }

    private async Task<string> TwoAtOnceAsync()
    {
        using var turnstile = new Turnstile(new Random(random.Next()));
        var (first, second) = (world.Rotator("rotator"), random.Next(2) == 0 || world.Pending.Count == 0 ? world.Rotator("second") : world.Signer());
        var delivered = second == world.Signer() ? Pick(world.Pending) : null;
        (first.Calls.Turn, second.Calls.Turn) = ((turnstile, 0), (turnstile, 1));
        var said = await Task.WhenAll(
            PlayAsync(() => RotateAsync()),
            PlayAsync(() => delivered is null ? world.RotateAsync("second", rotator => rotator.RunAsync(world.Subject, Cancellation)) : world.DeliverAsync(delivered)));
        (first.Calls.Turn, second.Calls.Turn) = (null, null);
        return string.Join(" | ", said);

        async Task<string> PlayAsync(Func<Task<string>> act)
        {
            await Task.Yield();
            var said = await act();
            turnstile.End();
            return said;
        }
    }

    private async Task<string> FailAsync()
    {
        var method = Pick(Failing);
        var code = method.StartsWith("storage", StringComparison.Ordinal) || random.Next(3) > 0 ? StatusCode.ResourceExhausted : StatusCode.Internal;
        var (times, afterCommit) = (random.Next(1, 4), random.Next(3) == 0);
        world.Fail(method, code, times, afterCommit);
        var said = random.Next(2) == 0
            ? await DeliverAllAsync()
            : await RotateAsync();
        world.StopFailing();
        return $"{times} times {code} of {method}{(afterCommit ? " after it took effect" : "")}: {said}";
    }

    private async Task<string> MeddleAsync()
    {
        var (said, act) = await DrawMeddlingAsync();
        await Invariants.ByHandAsync(act);
        return said;
    }

    // In the middle of a run.
    private async Task<string> MeddleMeanwhileAsync()
    {
        var calls = world.Rotator("rotator").Calls;
        var (at, done) = (calls.Count + random.Next(1, LongestRun), "nothing");
        var draw = new Random(random.Next());
        calls.Meanwhile = async number =>
        {
            if (number == at)
            {
                var (what, act) = await DrawMeddlingAsync(draw);
                done = what;
                await Invariants.ByHandAsync(act);
            }
        };
        var said = await RotateAsync();
        calls.Meanwhile = null;
        return $"{said}; meanwhile {done}";
    }

    private Task<(string Said, Func<Task> Act)> DrawMeddlingAsync() => DrawMeddlingAsync(random);

    private async Task<(string Said, Func<Task> Act)> DrawMeddlingAsync(Random draw)
    {
        var versions = await world.Project.VersionsAsync();
        var version = versions[draw.Next(versions.Count)];
        var listed = await world.Project.ListedAsync();
        var ours = listed.Order(StringComparer.Ordinal).ToArray();
        var gone = world.Project.RemovedFrom(listed).ToArray();
        return draw.Next(8) switch
        {
            0 or 1 when version.State is State.Enabled => ($"disable {Short(version.Name)}", () => world.Project.DisableAsync(version.Name)),
            2 when version.State is State.Enabled or State.Disabled => ($"destroy {Short(version.Name)}", () => world.Project.ScheduleDestroyAsync(version.Name)),
            3 when ours.Length > 0 && ours[draw.Next(ours.Length)] is var key => ($"remove the key {Short(key)}", () => world.Project.RemoveKeyAsync(key)),
            4 or 5 when gone.Length > 0 && gone[draw.Next(gone.Length)] is var key => ($"put back the key {Short(key)}", () => world.Project.PutBackAsync(key)),
            6 => ("create a version", world.Project.CreateVersionAsync),
            7 when !listed.Contains("//keys.example/foreign") => ("add a foreign key", () => world.Project.AddForeignKeyAsync("//keys.example/foreign")),
            _ => ("nothing", () => Task.CompletedTask),
        };
    }

    private async Task<string> RevokeAsync()
    {
        var versions = await world.Project.VersionsAsync();
        var abused = compromised.Keys.Where(name => !Invariants.IsRevoked(SimulatedProject.KeyIdOf(name))).Order(StringComparer.Ordinal).ToArray();
        var listed = versions.Select(version => version.Name).Where(name => Invariants.Listed.Contains(SimulatedProject.KeyIdOf(name))).ToArray();
        var name = abused.Length > 0 && random.Next(3) > 0 ? abused[0] : listed.Length > 0 && random.Next(4) > 0 ? Pick(listed) : Pick(versions).Name;
        var since = compromised.TryGetValue(name, out var time) ? time - TimeSpan.FromMinutes(3) : world.Now - TimeSpan.FromHours(random.Next(0, 240));
        if (random.Next(3) == 0)
        {
            var calls = world.Rotator("rotator").Calls;
            (calls.KillAt, calls.KillAfterEffect) = (calls.Count + random.Next(1, LongestRun), random.Next(2) == 0);
        }

        Invariants.Revoking(SimulatedProject.KeyIdOf(name), since);
        var request = new RevocationRequest(KeyVersionName.Parse(name), since, "it was found in a log", "simulation");
        return $"{Short(name)} since {since:u}: {await world.RotateAsync("rotator", rotator => rotator.RevokeAsync(world.Subject, request, Cancellation))}";
    }

    private async Task<string> ForgeAsync()
    {
        var able = (await world.Project.VersionsAsync()).Where(version => version.State == State.Enabled).Select(version => version.Name).ToArray();
        if (able.Length == 0)
        {
            return "no version can sign";
        }

        var version = able.LastOrDefault(name => Invariants.Listed.Contains(SimulatedProject.KeyIdOf(name))) ?? Pick(able);
        var image = (await world.PushAsync(ImageMerit.Bad, isIndex: false, announce: false))[0];
        image.ForgedBy = SimulatedProject.KeyIdOf(version);
        compromised.TryAdd(version, world.Now);
        await Invariants.ByHandAsync(() => world.Project.ForgeAsync(image.Reference, version));
        return $"{image.Reference.Digest.Hex[..8]} by {Short(version)}";
    }

    private async Task<string> BecomeStrictAsync()
    {
        await world.BecomeStrictAsync();
        return "doubtful images are refused";
    }

    private T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];

    private static string Short(string name) => name[(name.LastIndexOf('/') + 1)..];
}
