using System.Globalization;

namespace BinAuthz.EndToEnd.Tests.Rotation.Simulation;

/// <summary>
/// What must hold at any time, told from what the emulated APIs and the emulated cluster say, and from who did what. It
/// remembers what a person took away, because that explains denials.
/// </summary>
internal sealed class Invariants(SimulatedProject project, SimulationSettings settings, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim one = new(1);
    private readonly Dictionary<string, DateTimeOffset> listed = [];
    private readonly Dictionary<string, (DateTimeOffset Time, long Moment)> removed = [];
    private readonly Dictionary<string, DateTimeOffset> revoked = [];
    private readonly HashSet<string> cleared = [];
    private readonly Dictionary<(string Digest, string KeyId), DateTimeOffset> firstSeen = [];
    private readonly HashSet<string> putBack = [];
    private readonly HashSet<string> takenAway = [];
    private ILookup<string, string> attested = Array.Empty<string>().ToLookup(_ => "");
    private bool attestorChanged = true;
    private bool occurrencesChanged = true;
    private bool emptiedByPeople;
    private bool isStrict;
    private (DateTimeOffset Time, int Images, int Changes) judged;
    private string refusal = "";
    private int changes;
    private long moment;
    private long deliveryBegan;
    private DateTimeOffset deliveryTime;

    public List<SimulatedImage> Images { get; } = [];

    /// <summary>The first thing that did not hold.</summary>
    public SimulationViolationException? Violation { get; private set; }

    /// <summary>The keys that the attestor lists.</summary>
    public IReadOnlySet<string> Listed => listed.Keys.ToHashSet();

    public bool IsRevoked(string keyId) => revoked.ContainsKey(keyId);

    /// <summary>Says that somebody asks to revoke a version: from now on that explains what it takes away.</summary>
    public void Revoking(string keyId, DateTimeOffset since) => revoked[keyId] = revoked.TryGetValue(keyId, out var other) && other < since ? other : since;

    /// <summary>Says that the rotator has made sure that a revoked version has left nothing behind.</summary>
    public void Cleared(string keyId) => cleared.Add(keyId);

    /// <summary>The policy refuses doubtful images from now on.</summary>
    public void BecomeStrict()
    {
        isStrict = true;
        foreach (var image in Images.Where(image => image.Merit == ImageMerit.Doubtful && !Counting(image).Any()))
        {
            Refuse(image);
        }
    }

    /// <summary>A delivery to the signer begins.</summary>
    public void DeliveryBegins() => (deliveryBegan, deliveryTime) = (++moment, clock.GetUtcNow());

    /// <summary>A person does something, which explains what is gone after it.</summary>
    public Task ByHandAsync(Func<Task> act) => AloneAsync(async () =>
    {
        occurrencesChanged = true;
        await RefreshAsync(byHand: false);
        var before = Listed;
        await act();
        (attestorChanged, occurrencesChanged) = (true, true);
        await RefreshAsync(byHand: true);
        putBack.UnionWith(Listed.Except(before));
    });

    /// <summary>Sees a call of the rotator before it is sent.</summary>
    public Task BeforeRotatorsAsync(string method, string resource) => method is "UpdateCryptoKeyVersion" or "DestroyCryptoKeyVersion"
        ? AloneAsync(async () =>
        {
            occurrencesChanged = true;
            await RefreshAsync(byHand: false);
            var keyId = SimulatedProject.KeyIdOf(resource);
            if (!revoked.ContainsKey(keyId) && Images.FirstOrDefault(image => image.IsLive && Counting(image).ToArray() is [var only] && only == keyId) is { } needy)
            {
                Violate("I4", $"{resource} is about to be disabled, and {needy.Reference} has no other attestation that counts");
            }
        })
        : Task.CompletedTask;

    /// <summary>Sees a call of the signer before it is sent.</summary>
    public Task BeforeSignersAsync(string method, string resource) => method == "AsymmetricSign"
        ? AloneAsync(async () =>
        {
            await RefreshAsync(byHand: false);
            var keyId = SimulatedProject.KeyIdOf(resource);
            if (!listed.ContainsKey(keyId) && !(removed.TryGetValue(keyId, out var gone) && (gone.Moment >= deliveryBegan || (settings.TrustLifetime > TimeSpan.Zero && gone.Time + settings.TrustLifetime >= deliveryTime))))
            {
                Violate("I5", $"{resource} signs, and the attestor lists it no more");
            }
        })
        : Task.CompletedTask;

    /// <summary>Sees any call after it was answered.</summary>
    public Task AfterAsync(string method)
    {
        switch (method)
        {
            case "UpdateAttestor":
                attestorChanged = true;
                return AloneAsync(() => RefreshAsync(byHand: false));
            case "DeleteOccurrence" or "UpdateOccurrence":
                occurrencesChanged = true;
                return AloneAsync(() => RefreshAsync(byHand: false, withdraws: true));
            case "CreateOccurrence" or "BatchCreateOccurrences" or "occurrences:batchCreate":
                occurrencesChanged = true;
                return Task.CompletedTask;
            default:
                return Task.CompletedTask;
        }
    }

    /// <summary>Checks everything, after a step.</summary>
    public Task CheckAsync() => AloneAsync(async () =>
    {
        await RefreshAsync(byHand: false);
        foreach (var image in Images.Where(image => !image.IsLive && image.Merit != ImageMerit.Bad && !image.IsRefusedSince))
        {
            image.IsLive = Counting(image).Any(key => listed[key] + settings.Propagation <= clock.GetUtcNow());
        }

        if (Images.FirstOrDefault(image => image is { IsAcknowledged: true, Merit: ImageMerit.Good } && !Counting(image).Any() && !attested[image.Reference.Digest.Value].Any(takenAway.Contains)) is { } dropped)
        {
            Violate("I1", $"the signer acknowledged {dropped.Reference}, and no attestation of it counts; it is attested by {Names(attested[dropped.Reference.Digest.Value])}, and the attestor lists {Names(listed.Keys)}");
        }

        // Of the same images at the same time, with the same keys and attestations, the cluster would say the same again.
        var state = (clock.GetUtcNow(), Images.Count, changes);
        if (state != judged)
        {
            judged = state;
            refusal = Images.Count == 0 ? "" : await project.RefusalAsync(Images.Select(image => image.Reference));
        }

        foreach (var image in Images)
        {
            Judge(image, isAdmitted: !refusal.Contains(image.Reference.Digest.Hex, StringComparison.Ordinal));
        }
    });

    /// <summary>A pod was asked for.</summary>
    public void Judge(SimulatedImage image, bool isAdmitted)
    {
        if (image.IsLive && !isAdmitted)
        {
            Violate("I1", $"{image.Reference} was approved, and is denied; it is attested by {Names(attested[image.Reference.Digest.Value])}, and the attestor lists {Names(listed.Keys)}");
        }

        if (isAdmitted && MustBeDenied(image))
        {
            Violate("I2", $"{image.Reference} is refused by approval, and is admitted; it is attested by {Names(attested[image.Reference.Digest.Value])}, and the attestor lists {Names(listed.Keys)}");
        }
    }

    public void Dispose() => one.Dispose();

    private bool MustBeDenied(SimulatedImage image)
    {
        var lately = clock.GetUtcNow() - settings.Propagation;
        if (attested[image.Reference.Digest.Value].Any(key => putBack.Contains(key) && WasListedAt(key, lately)))
        {
            return false;
        }

        // A rotation hands a forgery on until the version is revoked; what it has left behind is withdrawn then.
        return image.Merit == ImageMerit.Bad
            ? image.ForgedBy is not { } forger || (revoked.ContainsKey(forger) && cleared.Contains(forger) && !WasListedAt(forger, lately))
            : image.IsRefusedSince && image.LostAt < lately;
    }

    private bool WasListedAt(string keyId, DateTimeOffset time) => listed.ContainsKey(keyId) || (removed.TryGetValue(keyId, out var gone) && gone.Time >= time);

    private async Task AloneAsync(Func<Task> act)
    {
        await one.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await act();
        }
        finally
        {
            one.Release();
        }
    }

    private async Task RefreshAsync(bool byHand, bool withdraws = false)
    {
        if (occurrencesChanged)
        {
            occurrencesChanged = false;
            changes++;
            attested = await project.AttestedAsync();
            foreach (var (digest, keyId) in attested.SelectMany(group => group.Select(keyId => (group.Key, keyId))))
            {
                firstSeen.TryAdd((digest, keyId), clock.GetUtcNow());
            }
        }

        if (withdraws)
        {
            Images.Where(image => !Counting(image).Any() && IsSuspect(image)).ToList().ForEach(Lose);
        }

        if (attestorChanged)
        {
            attestorChanged = false;
            changes++;
            Compare(await project.ListedAsync(), byHand);
        }

        if (Images.FirstOrDefault(image => image.IsLive && !Counting(image).Any()) is { } lost)
        {
            Violate("I1", $"{lost.Reference} was approved, and no attestation of it counts any more; it is attested by {Names(attested[lost.Reference.Digest.Value])}, and the attestor lists {Names(listed.Keys)}");
        }
    }

    private void Compare(IReadOnlySet<string> now, bool byHand)
    {
        foreach (var key in now.Where(key => !listed.ContainsKey(key)))
        {
            listed[key] = clock.GetUtcNow();
        }

        foreach (var key in listed.Keys.Where(key => !now.Contains(key)).ToArray())
        {
            listed.Remove(key);
            removed[key] = (clock.GetUtcNow(), ++moment);
            if (byHand || revoked.ContainsKey(key))
            {
                takenAway.Add(key);
                Explain(key);
            }
        }

        emptiedByPeople &= !listed.Keys.Any(IsOurs);
        if (!listed.Keys.Any(IsOurs) && !emptiedByPeople)
        {
            Violate("I3", "The attestor has no key of ours");
        }
    }

    private void Explain(string key)
    {
        emptiedByPeople |= !listed.Keys.Any(IsOurs);
        Images.Where(image => attested[image.Reference.Digest.Value].Contains(key) && !Counting(image).Any()).ToList().ForEach(Lose);
    }

    // It was attested by a revoked version when others may have been able to sign with that.
    private bool IsSuspect(SimulatedImage image) => revoked.Any(each => firstSeen.TryGetValue((image.Reference.Digest.Value, each.Key), out var seen) && seen >= each.Value);

    private void Lose(SimulatedImage image)
    {
        (image.IsLive, image.IsAcknowledged, image.LostAt) = (false, false, clock.GetUtcNow());
        if (isStrict && image.Merit == ImageMerit.Doubtful)
        {
            Refuse(image);
        }
    }

    private static void Refuse(SimulatedImage image) => (image.IsLive, image.IsRefusedSince) = (false, true);

    private bool IsOurs(string keyId) => keyId.StartsWith(SimulatedProject.KeyIdOf(project.Key.ToString()), StringComparison.Ordinal);

    private IEnumerable<string> Counting(SimulatedImage image) => attested[image.Reference.Digest.Value].Where(listed.ContainsKey).Distinct();

    private void Violate(string invariant, string what) =>
        Violation ??= new SimulationViolationException(invariant, string.Create(CultureInfo.InvariantCulture, $"{what} ({clock.GetUtcNow():u})"));

    private static string Names(IEnumerable<string> keys) => string.Join(", ", keys.Select(key => key[(key.LastIndexOf('/') + 1)..]).DefaultIfEmpty("none"));
}
