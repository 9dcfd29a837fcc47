using System.Text;

namespace BinAuthz.Alerting.Channels;

/// <summary>What of a service's answer may stand in an error.</summary>
internal static class ServiceAnswer
{
    private const int Shown = 200;
    private const int ShortestSecret = 6;

    /// <summary>A line of at most 200 characters in which everything that is, or is part of, a secret is masked.</summary>
    /// <param name="answer">What the service sent, whole; null: it was too long.</param>
    /// <param name="secrets">Texts and addresses.</param>
    public static string Describe(byte[]? answer, IReadOnlyList<string> secrets)
    {
        if (answer is null)
        {
            return " and a long text.";
        }

        var text = Mask(Encoding.UTF8.GetString(answer), secrets);
        var line = AlertText.Line(text).Trim();
        return line.Length == 0 ? "." : $": {AlertText.Fit(line, Shown)}";
    }

    /// <summary>The text with secrets, and the parts of secret addresses, replaced by <c>***</c>.</summary>
    public static string Mask(string text, IReadOnlyList<string> secrets)
    {
        // The longest first, so that no part is left of a whole.
        var parts = secrets.SelectMany(secret => Forms(secret).SelectMany(form => form.Split('/', '?', '&', '=').Append(form)))
            .Where(part => part.Length >= ShortestSecret).Distinct().OrderByDescending(part => part.Length);
        return parts.Aggregate(text, (masked, part) => masked.Replace(part, "***", StringComparison.OrdinalIgnoreCase));
    }

    private static IEnumerable<string> Forms(string secret) => [secret, Uri.UnescapeDataString(secret), Uri.EscapeDataString(secret)];
}
