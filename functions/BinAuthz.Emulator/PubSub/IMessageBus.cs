namespace BinAuthz.Emulator.PubSub;

/// <summary>How the other services of the emulator publish, as Google's publish into a project's topics.</summary>
internal interface IMessageBus
{
    /// <summary>Publishes to <paramref name="topic"/>, <c>projects/P/topics/T</c>; nothing happens when there is no such topic.</summary>
    void Publish(string topic, byte[] data, IReadOnlyDictionary<string, string> attributes);
}
