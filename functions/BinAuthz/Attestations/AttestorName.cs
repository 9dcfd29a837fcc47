using System.Diagnostics.CodeAnalysis;
using BinAuthz.Keys;

namespace BinAuthz.Attestations;

/// <summary>A Binary Authorization attestor: <c>projects/P/attestors/ID</c>.</summary>
internal sealed record AttestorName : IParsable<AttestorName>
{
    private AttestorName(string project, string id) => (Project, Id) = (project, id);

    public string Project { get; }

    public string Id { get; }

    public static AttestorName Parse(string s) =>
        TryParse(s, out var name) ? name : throw new FormatException($"'{s}' is not an attestor: expected projects/P/attestors/ID.");

    public static bool TryParse([NotNullWhen(true)] string? s, [MaybeNullWhen(false)] out AttestorName result)
    {
        result = ResourceNameGrammar.TryRead(s, ["projects", "attestors"], out var ids) ? new AttestorName(ids[0], ids[1]) : null;
        return result is not null;
    }

    static AttestorName IParsable<AttestorName>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<AttestorName>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out AttestorName result) =>
        TryParse(s, out result);

    public override string ToString() => $"projects/{Project}/attestors/{Id}";
}
