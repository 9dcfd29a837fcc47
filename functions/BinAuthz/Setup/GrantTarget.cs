using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace BinAuthz.Setup;

/// <summary>What a role is granted on, as the plan writes it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Of a topic, a secret or a service: its name without the environment's; else empty.</param>
internal sealed partial record GrantTarget(GrantTargetKind Kind, string Name = "")
{
    /// <summary>The secrets that the alert policy names; every other name is one secret of the environment.</summary>
    public const string Channels = "channels";

    private static readonly Dictionary<string, GrantTargetKind> Single = new(StringComparer.Ordinal)
    {
        ["project"] = GrantTargetKind.Project,
        ["key"] = GrantTargetKind.Key,
        ["audit-key"] = GrantTargetKind.AuditKey,
        ["note"] = GrantTargetKind.Note,
        ["attestor"] = GrantTargetKind.Attestor,
        ["bucket"] = GrantTargetKind.Bucket,
        ["repository"] = GrantTargetKind.Repository,
    };

    private static readonly Dictionary<string, GrantTargetKind> Named = new(StringComparer.Ordinal)
    {
        ["topic"] = GrantTargetKind.Topic,
        ["secret"] = GrantTargetKind.Secret,
        ["service"] = GrantTargetKind.Service,
    };

    /// <summary>How it may be written, for error messages.</summary>
    public static string Forms { get; } = string.Join(", ", [.. Single.Keys, .. Named.Keys.Select(kind => $"{kind}:NAME")]);

    /// <summary>Reads what a plan says, such as <c>key</c> or <c>topic:decisions</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out GrantTarget? target)
    {
        target = text.Split(':') switch
        {
            [var kind] when Single.TryGetValue(kind, out var single) => new GrantTarget(single),
            [var kind, var name] when Named.TryGetValue(kind, out var named) && Id().IsMatch(name) => new GrantTarget(named, name),
            _ => null,
        };
        return target is not null;
    }

    public override string ToString() =>
        Name.Length > 0 ? $"{Named.First(each => each.Value == Kind).Key}:{Name}" : Single.First(each => each.Value == Kind).Key;

    [GeneratedRegex(@"\A[a-z][a-z0-9-]*\z")]
    private static partial Regex Id();
}
