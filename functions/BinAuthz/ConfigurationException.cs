namespace BinAuthz;

/// <summary>The configuration cannot be used. The message lists everything that is wrong, one problem a line.</summary>
/// <param name="problems">Each names the setting, the rule and the remedy.</param>
public sealed class ConfigurationException(IReadOnlyList<string> problems) : Exception(string.Join('\n', problems))
{
    /// <summary>What is wrong.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
