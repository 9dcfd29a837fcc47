using System.Globalization;
using System.Text.RegularExpressions;

namespace BinAuthz;

/// <summary>Lengths of time as people write them: a number and m, h or d, such as <c>24h</c>.</summary>
internal static partial class DurationText
{
    /// <summary>Reads one.</summary>
    /// <returns>False: it is none.</returns>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        var match = Pattern().Match(text);
        var count = match.Success ? int.Parse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
        duration = match.Groups[2].Value switch
        {
            "m" => TimeSpan.FromMinutes(count),
            "h" => TimeSpan.FromHours(count),
            _ => TimeSpan.FromDays(count),
        };
        return match.Success;
    }

    [GeneratedRegex(@"\A([1-9][0-9]{0,4})([mhd])\z")]
    private static partial Regex Pattern();
}
