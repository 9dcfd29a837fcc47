using System.Globalization;
using BinAuthz.Emulator.State;
using Google.Cloud.PubSub.V1;

namespace BinAuthz.Emulator.PubSub;

/// <summary>The messages that subscriptions hold, written through before a publisher is answered.</summary>
internal sealed class MessageJournal : IJournalled
{
    private readonly Dictionary<string, List<StoredMessage>> restored = new(StringComparer.Ordinal);
    private readonly Journal journal;

    public MessageJournal(EmulatorStore store) => journal = store.Attach(this);

    public string Kind => "pubsub-message";

    /// <summary>The largest message id of an earlier run.</summary>
    public long LastId { get; private set; }

    public void Put(string subscription, PubsubMessage message, bool acknowledged) =>
        journal.Put(Kind, Name(subscription, message), new StoredMessage { Subscription = subscription, Message = message, Acknowledged = acknowledged });

    public void Remove(string subscription, PubsubMessage message) => journal.Remove(Kind, Name(subscription, message));

    /// <summary>What an earlier run left in a subscription, oldest first.</summary>
    public IReadOnlyList<StoredMessage> Take(string subscription)
    {
        restored.Remove(subscription, out var messages);
        return [.. (messages ?? []).OrderBy(stored => Id(stored.Message))];
    }

    /// <summary>Forgets what was left for subscriptions that are gone.</summary>
    public void DropRest()
    {
        foreach (var stored in restored.Values.SelectMany(messages => messages))
        {
            Remove(stored.Subscription, stored.Message);
        }

        restored.Clear();
    }

    void IJournalled.Restore(string name, byte[] value)
    {
        var stored = StoredMessage.Parser.ParseFrom(value);
        LastId = Math.Max(LastId, Id(stored.Message));
        if (!restored.TryGetValue(stored.Subscription, out var messages))
        {
            restored[stored.Subscription] = messages = [];
        }

        messages.Add(stored);
    }

    public static long Id(PubsubMessage message) => long.Parse(message.MessageId, CultureInfo.InvariantCulture);

    private static string Name(string subscription, PubsubMessage message) => $"{subscription}/{message.MessageId}";
}
