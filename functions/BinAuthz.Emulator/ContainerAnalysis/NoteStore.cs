using BinAuthz.Emulator.ContainerAnalysis.Filters;
using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.State;
using Google.Protobuf.WellKnownTypes;
using Grafeas.V1;

namespace BinAuthz.Emulator.ContainerAnalysis;

/// <summary>Notes, among them those that Google provides to every project.</summary>
internal sealed class NoteStore(EmulatorStore store, AnalysisNotifications notifications, TimeProvider time)
{
    private static readonly IReadOnlyList<FilterField<Note>> Fields =
    [
        new("kind", note => Kinds.Name(note.Kind)) { Values = Kinds.Names },
        new("noteProjectId", note => GrafeasName.Project(note.Name)),
        new("noteId", note => GrafeasName.Id(note.Name)),
        new("createTime", Time: note => note.CreateTime),
        new("updateTime", Time: note => note.UpdateTime),
    ];

    private readonly Table<Note> notes = store.Table("note", Note.Parser);

    /// <exception cref="Grpc.Core.RpcException">NOT_FOUND.</exception>
    public Note Get(string name) => Find(name) ?? throw Missing(name);

    public Note? Find(string name) => notes.Find(name) ?? ProvidedNotes.Find(name);

    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT, ALREADY_EXISTS.</exception>
    public Note Create(string parent, string id, Note? note)
    {
        var created = Prepare(parent, id, note);
        if (!notes.TryAdd(created.Name, created))
        {
            throw Errors.AlreadyExists($"note ID \"{id}\" already exists in project \"{GrafeasName.Project(parent)}\"");
        }

        notifications.Publish(created);
        return created;
    }

    /// <summary>Creates all or none.</summary>
    public IReadOnlyList<Note> CreateAll(string parent, IEnumerable<KeyValuePair<string, Note>> batch)
    {
        var prepared = batch.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => Prepare(parent, pair.Key, pair.Value)).ToList();
        for (var index = 0; index < prepared.Count; index++)
        {
            if (!notes.TryAdd(prepared[index].Name, prepared[index]))
            {
                prepared.Take(index).ToList().ForEach(note => notes.Remove(note.Name));
                throw Errors.AlreadyExists($"note ID \"{GrafeasName.Id(prepared[index].Name)}\" already exists in project \"{GrafeasName.Project(parent)}\"");
            }
        }

        prepared.ForEach(notifications.Publish);
        return prepared;
    }

    public Note Update(string name, Note? note, FieldMask? mask)
    {
        var updated = notes.Update(name, current =>
        {
            var changed = Masks.Apply(current, note ?? new Note(), mask);
            changed.Name = current.Name;
            changed.CreateTime = current.CreateTime;
            changed.UpdateTime = Timestamp.FromDateTimeOffset(time.GetUtcNow());
            changed.Kind = note?.Kind is null or NoteKind.Unspecified ? current.Kind : note.Kind;
            return Kinds.Of(changed) == current.Kind ? changed : throw Errors.Invalid($"The kind of a note cannot change; it is {Kinds.Name(current.Kind)}.");
        }) ?? throw Missing(name);
        notifications.Publish(updated);
        return updated;
    }

    public void Delete(string name)
    {
        if (!notes.Remove(name))
        {
            throw Missing(name);
        }
    }

    public Page<Note> List(string parent, string filter, int pageSize, string pageToken)
    {
        GrafeasName.CheckParent(parent);
        var condition = FilterParser<Note>.Parse(filter, Fields);
        var length = PageLength.Of(pageSize);
        return Cursor.Page(notes.ScanCollection($"{parent}/notes", Cursor.Read(pageToken), length + 1, condition.Matches), length, note => note.Name);
    }

    private Note Prepare(string parent, string id, Note? note)
    {
        GrafeasName.CheckParent(parent);
        GrafeasName.CheckNoteId(id);
        var prepared = note?.Clone() ?? new Note();
        prepared.Kind = Kinds.Of(prepared);
        prepared.Name = $"{parent}/notes/{id}";
        prepared.CreateTime = prepared.UpdateTime = Timestamp.FromDateTimeOffset(time.GetUtcNow());
        return prepared;
    }

    private static Grpc.Core.RpcException Missing(string name) => Errors.NotFound($"note \"{name}\" not found");
}
