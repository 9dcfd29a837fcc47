using BinAuthz.Yaml;

namespace BinAuthz.Approval.Content;

/// <summary>Reads <c>rules.maxImageAge</c>: a length of time.</summary>
internal sealed class MaxImageAgeRuleReader(YamlReader reader)
{
    /// <summary>The rule; null when it is no length of time. Errors are the reader's.</summary>
    public MaxImageAgeRule? Read(YamlValue section) => reader.Duration(section, "rules.maxImageAge", "30d") is { } maximum ? new MaxImageAgeRule(maximum) : null;
}
