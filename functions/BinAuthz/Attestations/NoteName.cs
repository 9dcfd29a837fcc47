using System.Diagnostics.CodeAnalysis;
using BinAuthz.Keys;

namespace BinAuthz.Attestations;

/// <summary>A Container Analysis note: <c>projects/P/notes/ID</c>.</summary>
internal sealed record NoteName : IParsable<NoteName>
{
    private NoteName(string project, string id) => (Project, Id) = (project, id);

    public string Project { get; }

    public string Id { get; }

    public static NoteName Parse(string s) =>
        TryParse(s, out var name) ? name : throw new FormatException($"'{s}' is not a note: expected projects/P/notes/ID.");

    public static bool TryParse([NotNullWhen(true)] string? s, [MaybeNullWhen(false)] out NoteName result)
    {
        result = ResourceNameGrammar.TryRead(s, ["projects", "notes"], out var ids) ? new NoteName(ids[0], ids[1]) : null;
        return result is not null;
    }

    static NoteName IParsable<NoteName>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<NoteName>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out NoteName result) =>
        TryParse(s, out result);

    public override string ToString() => $"projects/{Project}/notes/{Id}";
}
