using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using BinAuthz.Attestations;

namespace BinAuthz.Denials;

/// <summary>
/// The text in which Binary Authorization says what it decided, such as <c>Image X denied by attestor projects/P/attestors/A:
/// REASON</c>. It is no API (docs: binary-authorization/docs/viewing-audit-logs), and images are texts that a caller chose:
/// Kubernetes takes any, spaces and sentences included. So images are looked up, not cut out: at a place where the text names
/// an image, the longest image of the pod that stands there is the one, and what it spells is not read again.
/// </summary>
/// <param name="text">All of it.</param>
/// <param name="images">The images of the pod.</param>
internal sealed class Verdict(string text, IEnumerable<string> images)
{
    /// <summary>
    /// The longest text in which images are looked up, in UTF-16 code units, and the most images: more does not fit into an entry
    /// (docs: logging/quotas, 256 KiB). A part of either would not do, because then what an image spells could be read.
    /// </summary>
    public const int MaximumLength = 262_144;

    /// <inheritdoc cref="MaximumLength"/>
    public const int MaximumImages = 10_000;

    private const string Named = "Image ";
    private const string DeniedBy = " denied by ";
    private const string AttestorWord = "attestor ";

    // What follows the name of an image that was refused; the last is how the label of overridden verdicts begins a line.
    private static readonly string[] Refusals = [DeniedBy, " is not authorized by policy", " : "];

    private static readonly SearchValues<char> ImageCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._/:@+-");

    private readonly string[] longestFirst = [.. images.Where(image => image.Length > 0).Distinct(StringComparer.Ordinal).OrderByDescending(image => image.Length)];

    /// <summary>The images of the pod that it refuses, each with the attestors that it says are not satisfied.</summary>
    public IReadOnlyList<(string Image, IReadOnlyList<AttestorName> Attestors)> Refused()
    {
        var mentions = Mentions();
        var parts = mentions.Select((mention, index) =>
            (mention.Image, Attestors: Attestors(text[mention.End..(index + 1 < mentions.Count ? mentions[index + 1].Start : text.Length)])));
        return [.. parts.GroupBy(part => part.Image, StringComparer.Ordinal)
            .Select(image => (image.Key, (IReadOnlyList<AttestorName>)[.. image.SelectMany(part => part.Attestors).Distinct()]))];
    }

    /// <summary>
    /// One finding for each image of the pod that the text refuses. Where it names none of them, one: about the image that the
    /// text names first, as after a mutating webhook rewrote the images or when the entry lacks the pod; else about the pod's only image.
    /// </summary>
    /// <param name="template">The finding without an image.</param>
    /// <param name="onlyImage">The pod's only image; null when it has several, or none is known.</param>
    public IReadOnlyList<Finding> Findings(Finding template, string? onlyImage)
    {
        if (Refused() is { Count: > 0 } refused)
        {
            return [.. refused.Select(part => template with { Image = Kept(part.Image), Attestors = part.Attestors })];
        }

        return TryReadFirstImage(out var named)
            ? [template with { Image = named, Attestors = Attestors(text) }]
            : [template with { Image = onlyImage is null ? null : Kept(onlyImage) }];
    }

    /// <summary>The image, or null: it is longer than any image's name can be.</summary>
    public static string? Kept(string image) => image.Length <= LoggedText.MaximumName ? image : null;

    private bool TryReadFirstImage([NotNullWhen(true)] out string? image)
    {
        image = null;
        var at = text.IndexOf(Named, StringComparison.Ordinal);
        if (at < 0)
        {
            return false;
        }

        var rest = text.AsSpan(at + Named.Length);
        rest = rest is ['\'', ..] ? rest[1..] : rest;
        var length = rest.IndexOfAnyExcept(ImageCharacters);
        if (length is <= 0 or > LoggedText.MaximumName || !rest[length..].TrimStart('\'').StartsWith(DeniedBy, StringComparison.Ordinal))
        {
            return false;
        }

        image = rest[..length].ToString();
        return true;
    }

    private List<(string Image, int Start, int End)> Mentions()
    {
        var mentions = new List<(string, int, int)>();
        var end = text.Length <= MaximumLength && longestFirst.Length <= MaximumImages ? text.Length : 0;
        for (var at = 0; at < end;)
        {
            if (MentionAt(at) is { } mention)
            {
                mentions.Add((mention.Image, at, mention.End));
                at = mention.End;
            }
            else
            {
                at++;
            }
        }

        return mentions;
    }

    // Named as Image X, Image 'X', or 'X'; an image may begin with a quote itself.
    private (string Image, int End)? MentionAt(int at)
    {
        var isNamed = string.Compare(text, at, Named, 0, Named.Length, StringComparison.OrdinalIgnoreCase) == 0;
        var begin = isNamed ? at + Named.Length : at;
        var isQuoted = begin < text.Length && text[begin] == '\'';
        if (!isNamed && !isQuoted)
        {
            return null;
        }

        foreach (var image in longestFirst)
        {
            if (isNamed && IsRefused(image, begin))
            {
                return (image, begin + image.Length);
            }

            if (isQuoted && IsRefused(image, begin + 1, "'"))
            {
                return (image, begin + 1 + image.Length);
            }
        }

        return null;
    }

    private bool IsRefused(string image, int begin, string quote = "")
    {
        var end = begin + image.Length + quote.Length;
        return string.CompareOrdinal(text, begin, image, 0, image.Length) == 0
            && string.CompareOrdinal(text, begin + image.Length, quote, 0, quote.Length) == 0
            && Array.Exists(Refusals, word => string.CompareOrdinal(text, end, word, 0, word.Length) == 0);
    }

    private static List<AttestorName> Attestors(string part)
    {
        var attestors = new List<AttestorName>();
        for (var at = part.IndexOf(DeniedBy, StringComparison.Ordinal); at >= 0; at = part.IndexOf(DeniedBy, at + 1, StringComparison.Ordinal))
        {
            var rest = part.AsSpan(at + DeniedBy.Length);
            rest = rest.StartsWith(AttestorWord, StringComparison.Ordinal) ? rest[AttestorWord.Length..] : rest;
            var length = rest.IndexOfAny(' ', '\n', '\t');
            var name = (length < 0 ? rest : rest[..length]).TrimEnd(".:,;'\"");
            if (name.Length <= LoggedText.MaximumName && AttestorName.TryParse(name.ToString(), out var attestor) && !attestors.Contains(attestor))
            {
                attestors.Add(attestor);
            }
        }

        return attestors;
    }
}
