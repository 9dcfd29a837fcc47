using System.Text.RegularExpressions;

namespace BinAuthz.Emulator.Iam.Enforcement;

/// <summary>Conditions of bindings, as far as they are weighed here: that the name of a resource begins in one of some ways. Under any other nobody has the role.</summary>
internal static partial class IamCondition
{
    /// <summary>Whether a condition holds for a resource; an empty one always does.</summary>
    public static bool Holds(string expression, string resource) =>
        expression.Length == 0 || (Beginnings().Match(expression) is { Success: true } match
            && match.Groups["prefix"].Captures.Any(prefix => resource.StartsWith(prefix.Value, StringComparison.Ordinal)));

    [GeneratedRegex("""\Aresource\.name\.startsWith\("(?<prefix>[^"\\]+)"\)(?: \|\| resource\.name\.startsWith\("(?<prefix>[^"\\]+)"\))*\z""")]
    private static partial Regex Beginnings();
}
