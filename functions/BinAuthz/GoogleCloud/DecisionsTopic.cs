using BinAuthz.Keys;

namespace BinAuthz.GoogleCloud;

/// <summary>The Pub/Sub topic that is told of every decision.</summary>
/// <param name="Name"><c>projects/P/topics/ID</c>.</param>
internal sealed record DecisionsTopic(string Name)
{
    /// <summary>The topic of an environment.</summary>
    public static DecisionsTopic Default(string project, string environment) => new($"projects/{project}/topics/{environment}-decisions");

    /// <summary>Reads a name.</summary>
    /// <exception cref="ConfigurationException">It is no topic.</exception>
    public static DecisionsTopic Parse(string name) => ResourceNameGrammar.TryRead(name, ["projects", "topics"], out _)
        ? new DecisionsTopic(name)
        : throw new ConfigurationException([$"'{name}' is not a topic: write projects/PROJECT/topics/ID in {BinAuthzOptions.Section}:{nameof(BinAuthzOptions.DecisionsTopic)}, or leave it out."]);
}
