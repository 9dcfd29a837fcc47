using BinAuthz.Emulator.ContainerAnalysis.Filters;
using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.State;
using Google.Protobuf.WellKnownTypes;
using Grafeas.V1;
using Grpc.Core;

namespace BinAuthz.Emulator.ContainerAnalysis;

/// <summary>Occurrences, found by name, by project, by note and by what their resource is about.</summary>
internal sealed class OccurrenceStore(EmulatorStore store, NoteStore notes, AnalysisNotifications notifications, EmulatorSwitches switches, TimeProvider time)
{
    private static readonly IReadOnlyList<FilterField<Occurrence>> Fields =
    [
        new("resourceUrl", occurrence => occurrence.ResourceUri) { IsResource = true },
        new("resourceUri", occurrence => occurrence.ResourceUri) { IsResource = true },
        new("kind", occurrence => Kinds.Name(occurrence.Kind)) { Values = Kinds.Names },
        new("noteProjectId", occurrence => GrafeasName.Project(occurrence.NoteName)),
        new("noteId", occurrence => GrafeasName.Id(occurrence.NoteName)),
        new("createTime", Time: occurrence => occurrence.CreateTime),
        new("updateTime", Time: occurrence => occurrence.UpdateTime),
    ];

    private readonly Table<Occurrence> occurrences = store.Table(
        "occurrence", Occurrence.Parser, occurrence => [occurrence.NoteName, SubjectKey(ResourceSubject.Of(occurrence.ResourceUri))]);

    /// <exception cref="RpcException">NOT_FOUND.</exception>
    public Occurrence Get(string name) => occurrences.Find(name) ?? throw Missing(name);

    /// <exception cref="RpcException">INVALID_ARGUMENT; NOT_FOUND: the note does not exist; ALREADY_EXISTS.</exception>
    public Occurrence Create(string parent, Occurrence? occurrence)
    {
        var created = Prepare(parent, occurrence);
        Add(created);
        notifications.Publish(created);
        return created;
    }

    /// <summary>Creates all or none. What Google does with the rest of a batch when one occurrence is refused is not documented.</summary>
    public IReadOnlyList<Occurrence> CreateAll(string parent, IEnumerable<Occurrence> batch)
    {
        var prepared = batch.Select(occurrence => Prepare(parent, occurrence)).ToList();
        var added = 0;
        try
        {
            for (; added < prepared.Count; added++)
            {
                Add(prepared[added]);
            }
        }
        catch (RpcException)
        {
            prepared.Take(added).ToList().ForEach(occurrence => occurrences.Remove(occurrence.Name));
            throw;
        }

        prepared.ForEach(notifications.Publish);
        return prepared;
    }

    public Occurrence Update(string name, Occurrence? occurrence, FieldMask? mask)
    {
        var updated = occurrences.Update(name, current =>
        {
            if (switches.RefuseAttestationUpdates && current.Kind == NoteKind.Attestation)
            {
                throw Errors.Invalid($"{current.Name} is an attestation, which cannot be updated: the switch refuseAttestationUpdates is on.");
            }

            var changed = Masks.Apply(current, occurrence ?? new Occurrence(), mask);
            if (changed.NoteName != current.NoteName && changed.NoteName.Length > 0)
            {
                throw Errors.Invalid($"The note of an occurrence cannot change; it is {current.NoteName}.");
            }

            if (changed.ResourceUri != current.ResourceUri && changed.ResourceUri.Length > 0)
            {
                throw Errors.Invalid($"The resource of an occurrence cannot change; it is {current.ResourceUri}.");
            }

            changed.Name = current.Name;
            changed.NoteName = current.NoteName;
            changed.ResourceUri = current.ResourceUri;
            changed.Kind = current.Kind;
            changed.CreateTime = current.CreateTime;
            changed.UpdateTime = Timestamp.FromDateTimeOffset(time.GetUtcNow());
            Kinds.Of(changed);
            return changed;
        }) ?? throw Missing(name);
        notifications.Publish(updated);
        return updated;
    }

    public void Delete(string name)
    {
        if (!occurrences.Remove(name))
        {
            throw Missing(name);
        }
    }

    /// <summary>A page of the occurrences in <paramref name="parent"/>, a project or a location of one.</summary>
    public Page<Occurrence> List(string parent, string filter, int pageSize, string pageToken)
    {
        GrafeasName.CheckParent(parent);
        var collection = $"{parent}/occurrences/";
        var condition = FilterParser<Occurrence>.Parse(filter, Fields);
        return Find(condition, occurrence => IsDirectlyIn(collection, occurrence.Name), pageSize, pageToken, (after, limit) => occurrences.ScanCollection(collection[..^1], after, limit, condition.Matches));
    }

    /// <summary>A page of the occurrences of a note, whichever project they are in.</summary>
    public Page<Occurrence> ListOfNote(string note, string filter, int pageSize, string pageToken)
    {
        var condition = FilterParser<Occurrence>.Parse(filter, Fields);
        return Find(condition, occurrence => occurrence.NoteName == note, pageSize, pageToken, (after, limit) => occurrences.Scan(note, after, limit, condition.Matches));
    }

    /// <summary>Everything in <paramref name="parent"/> that the filter lets through and <paramref name="kind"/> is.</summary>
    public IEnumerable<Occurrence> All(string parent, string filter, NoteKind kind)
    {
        var token = "";
        do
        {
            var page = List(parent, filter, int.MaxValue, token);
            foreach (var occurrence in page.Items.Where(occurrence => occurrence.Kind == kind))
            {
                yield return occurrence;
            }

            token = page.NextToken;
        }
        while (token.Length > 0);
    }

    /// <summary>The attestations of a note for a digest, however the image is named, in whichever project they are.</summary>
    public IReadOnlyList<Occurrence> Attestations(string note, string digest) =>
        occurrences.Scan(SubjectKey(digest), "", int.MaxValue, occurrence => occurrence.NoteName == note && occurrence.Kind == NoteKind.Attestation);

    private Page<Occurrence> Find(FilterCondition<Occurrence> condition, Func<Occurrence, bool> scope, int pageSize, string pageToken, Func<string, int, IReadOnlyList<Occurrence>> scan)
    {
        var length = PageLength.Of(pageSize);
        var after = Cursor.Read(pageToken);
        var found = condition.Subjects is not { } subjects
            ? scan(after, length + 1)
            : [.. subjects.SelectMany(subject => occurrences.Scan(SubjectKey(subject), after, length + 1, occurrence => scope(occurrence) && condition.Matches(occurrence)))
                .OrderBy(occurrence => occurrence.Name, StringComparer.Ordinal).Take(length + 1)];
        return Cursor.Page(found, length, occurrence => occurrence.Name);
    }

    private Occurrence Prepare(string parent, Occurrence? occurrence)
    {
        GrafeasName.CheckParent(parent);
        var prepared = occurrence?.Clone() ?? new Occurrence();
        if (prepared.ResourceUri.Length == 0)
        {
            throw Errors.Invalid("The occurrence has no resource_uri.");
        }

        GrafeasName.CheckNote(prepared.NoteName, "note_name");
        prepared.Kind = Kinds.Of(prepared);
        var note = notes.Get(prepared.NoteName);
        if (note.Kind != prepared.Kind)
        {
            throw Errors.Invalid($"The occurrence is of kind {Kinds.Name(prepared.Kind)}, but its note {note.Name} is of kind {Kinds.Name(note.Kind)}.");
        }

        var now = time.GetUtcNow();
        // Version 7, so that names are in the order of creation, and so are lists.
        prepared.Name = $"{parent}/occurrences/{Guid.CreateVersion7(now)}";
        prepared.CreateTime = prepared.UpdateTime = Timestamp.FromDateTimeOffset(now);
        return prepared;
    }

    private void Add(Occurrence occurrence)
    {
        Occurrence? existing = null;
        bool IsDuplicate(Occurrence other)
        {
            var same = switches.RefuseDuplicateAttestations && occurrence.Kind == NoteKind.Attestation && other.Kind == NoteKind.Attestation
                && other.NoteName == occurrence.NoteName && other.ResourceUri == occurrence.ResourceUri;
            existing = same ? other : existing;
            return same;
        }

        if (!occurrences.TryAddUnless(occurrence.Name, occurrence, SubjectKey(ResourceSubject.Of(occurrence.ResourceUri)), IsDuplicate))
        {
            var name = existing?.Name ?? occurrence.Name;
            throw Errors.AlreadyExists($"occurrence ID \"{GrafeasName.Id(name)}\" already exists in project \"{GrafeasName.Project(name)}\"");
        }
    }

    private static bool IsDirectlyIn(string collection, string name) => name.StartsWith(collection, StringComparison.Ordinal) && name.IndexOf('/', collection.Length) < 0;

    // Apart from the names of notes, which are keys of the same index.
    private static string SubjectKey(string subject) => "@" + subject;

    private static RpcException Missing(string name) => Errors.NotFound($"occurrence \"{name}\" not found");
}
