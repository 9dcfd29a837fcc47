using BinAuthz.Keys;

namespace BinAuthz.Rotation;

/// <summary>The windows of time between which a rotation moves, and what a new version must be.</summary>
/// <param name="Lifetime">A version this old gets a successor.</param>
/// <param name="Propagation">How long a change of the attestor, and any difference between clocks, can go unnoticed.</param>
/// <param name="Overlap">How long the new key has been trusted beyond <paramref name="Propagation"/> before an old one loses trust.</param>
/// <param name="DisabledBeforeDestroy">How long a version that lost trust can be enabled again before its destruction is scheduled.</param>
/// <param name="Algorithm">What new versions must be; null: what the key's template says.</param>
internal sealed record RotationWindows(TimeSpan Lifetime, TimeSpan Propagation, TimeSpan Overlap, TimeSpan DisabledBeforeDestroy, SignatureAlgorithm? Algorithm)
{
    /// <summary>Versions made before this instant are due, whatever their age: a rotation was asked for. Null: age alone decides.</summary>
    public DateTimeOffset? RenewBefore { get; init; }

    /// <summary>
    /// The overlap is as long as a signer may go on with the old key: its clock may be behind, it remembers the attestor for a
    /// while, and one that has begun needs its time (540 s for an event-driven function, docs: functions/configuring/timeout).
    /// </summary>
    private static readonly TimeSpan SignerLag = RotationPolicy.LargestSkew + TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    /// <summary>Reads the windows from the options.</summary>
    /// <exception cref="ConfigurationException">They do not fit together; it lists every problem.</exception>
    public static RotationWindows From(BinAuthzOptions options)
    {
        var rotation = options.Rotation;
        var problems = new List<string>();
        foreach (var (name, value) in new[] { ($"Rotation:{nameof(rotation.Lifetime)}", rotation.Lifetime), ($"Rotation:{nameof(rotation.Overlap)}", rotation.Overlap), ($"Rotation:{nameof(rotation.DisabledBeforeDestroy)}", rotation.DisabledBeforeDestroy), (nameof(options.PropagationWindow), options.PropagationWindow) })
        {
            if (value < TimeSpan.Zero || value > Longest)
            {
                problems.Add($"{BinAuthzOptions.Section}:{name} is {value}: write a time from 0 to {Longest.TotalDays} days, such as 7.00:00:00 for seven days.");
            }
        }

        if (problems.Count == 0 && rotation.Overlap < SignerLag + options.TrustLifetime)
        {
            problems.Add($"{BinAuthzOptions.Section}:Rotation:{nameof(rotation.Overlap)} is {rotation.Overlap}, shorter than {SignerLag} and {nameof(options.TrustLifetime)} ({options.TrustLifetime}) together: a signer whose clock is behind could still sign with the key that loses trust. Make it longer.");
        }

        if (problems.Count == 0 && rotation.Lifetime <= options.PropagationWindow + rotation.Overlap)
        {
            problems.Add($"{BinAuthzOptions.Section}:Rotation:{nameof(rotation.Lifetime)} is {rotation.Lifetime}, not longer than {nameof(options.PropagationWindow)} ({options.PropagationWindow}) and {nameof(rotation.Overlap)} ({rotation.Overlap}) together: a key would be due before its predecessor has gone. Make it longer.");
        }

        if (rotation.ImagesPerMinute < 1 || rotation.BatchSize is < 1 or > 500)
        {
            problems.Add($"{BinAuthzOptions.Section}:Rotation:{nameof(rotation.ImagesPerMinute)} is {rotation.ImagesPerMinute} and {nameof(rotation.BatchSize)} {rotation.BatchSize}: write at least 1, and at most 500 images a message.");
        }

        SignatureAlgorithm? algorithm = null;
        if (rotation.Algorithm is { } text && (!SignatureAlgorithm.TryParse(text, out algorithm) || algorithm.Kms == 0))
        {
            problems.Add($"{BinAuthzOptions.Section}:Rotation:{nameof(rotation.Algorithm)} is '{text}', which Cloud KMS and Binary Authorization do not share. Use one of: {string.Join(", ", SignatureAlgorithm.All.Where(each => each.Kms != 0))}.");
        }

        return problems.Count == 0
            ? new RotationWindows(rotation.Lifetime, options.PropagationWindow, rotation.Overlap, rotation.DisabledBeforeDestroy, algorithm)
            : throw new ConfigurationException(problems);
    }
}
