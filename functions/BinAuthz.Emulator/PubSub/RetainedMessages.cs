using Google.Cloud.PubSub.V1;

namespace BinAuthz.Emulator.PubSub;

/// <summary>Acknowledged messages of one subscription that a seek can bring back.</summary>
internal sealed class RetainedMessages(string subscription, MessageJournal journal)
{
    private readonly SortedDictionary<long, PubsubMessage> messages = [];

    public void Restore(long id, PubsubMessage message) => messages[id] = message;

    public void Add(long id, PubsubMessage message)
    {
        messages[id] = message;
        journal.Put(subscription, message, acknowledged: true);
    }

    /// <summary>Takes out what counts as not acknowledged from now on.</summary>
    public List<(long Id, PubsubMessage Message)> Take(Func<PubsubMessage, bool> isOutstanding)
    {
        var taken = messages.Where(pair => isOutstanding(pair.Value)).Select(pair => (pair.Key, pair.Value)).ToList();
        foreach (var (id, message) in taken)
        {
            messages.Remove(id);
            journal.Put(subscription, message, acknowledged: false);
        }

        return taken;
    }

    /// <summary>Forgets from the oldest on, as long as <paramref name="isOver"/>.</summary>
    public void Forget(Func<PubsubMessage, bool> isOver)
    {
        while (messages.Count > 0 && messages.First() is var (id, message) && isOver(message))
        {
            messages.Remove(id);
            journal.Remove(subscription, message);
        }
    }
}
