namespace BinAuthz.Auditing.Scanning;

/// <summary>Shortens text that somebody else chose the length of.</summary>
internal static class Clip
{
    private const int Longest = 200;
    private const int Most = 3;

    /// <summary>The first characters of a text.</summary>
    public static string Text(string text) => text.Length <= Longest ? text : $"{text[..Longest]}…";

    /// <summary>The first of several texts, in quotation marks.</summary>
    public static string Texts(IReadOnlyCollection<string> texts) =>
        string.Join(", ", texts.Distinct(StringComparer.Ordinal).Take(Most).Select(text => $"'{Text(text)}'")) + (texts.Count > Most ? $" and {texts.Count - Most} more" : "");
}
