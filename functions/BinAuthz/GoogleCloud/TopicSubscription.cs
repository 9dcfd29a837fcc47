namespace BinAuthz.GoogleCloud;

/// <summary>A Pub/Sub subscription.</summary>
/// <param name="Name"><c>projects/P/subscriptions/ID</c>.</param>
/// <param name="Topic"><c>projects/P/topics/ID</c>.</param>
/// <param name="PushEndpoint">Where messages are pushed; empty: they are pulled.</param>
/// <param name="DeadLetterTopic">Where messages go that are never acknowledged; empty: they are tried until they expire.</param>
internal sealed record TopicSubscription(string Name, string Topic, string PushEndpoint, string DeadLetterTopic);
