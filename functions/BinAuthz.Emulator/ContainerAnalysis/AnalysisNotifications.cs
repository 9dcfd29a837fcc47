using System.Globalization;
using System.Text.Json;
using BinAuthz.Emulator.PubSub;
using Grafeas.V1;

namespace BinAuthz.Emulator.ContainerAnalysis;

/// <summary>
/// Tells the topics <c>container-analysis-notes-v1</c> and <c>container-analysis-occurrences-v1</c> of the project that
/// a note or an occurrence was created or changed: a finished scan is a changed DISCOVERY occurrence.
/// </summary>
internal sealed class AnalysisNotifications(IMessageBus bus, TimeProvider time)
{
    private static readonly Dictionary<string, string> NoAttributes = [];

    public void Publish(Note note) => Publish("container-analysis-notes-v1", note.Name, note.Kind);

    public void Publish(Occurrence occurrence) => Publish("container-analysis-occurrences-v1", occurrence.Name, occurrence.Kind);

    private void Publish(string topic, string name, NoteKind kind) => bus.Publish(
        $"projects/{GrafeasName.Project(name)}/topics/{topic}",
        JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>
        {
            ["name"] = name,
            ["kind"] = Kinds.Name(kind),
            ["notificationTime"] = time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture),
        }),
        NoAttributes);
}
