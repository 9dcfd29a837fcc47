using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.Iam;
using BinAuthz.Emulator.State;
using Google.Cloud.BinaryAuthorization.V1;
using Google.Protobuf.WellKnownTypes;

namespace BinAuthz.Emulator.BinaryAuthorization;

/// <summary>The attestors of every project, in the form of v1.</summary>
internal sealed class AttestorStore(EmulatorStore store, EmulatorSwitches switches, TimeProvider time)
{
    private readonly Table<Attestor> attestors = store.Table("binauthz-attestor", Attestor.Parser);
    private readonly AttestorHistory history = new(time);

    public Attestor? Find(string name) => attestors.Find(name);

    /// <summary>The attestor as admission knows it: as it was before the latest changes reached the clusters.</summary>
    public Attestor? Admitting(string name) =>
        switches.AttestorPropagation > TimeSpan.Zero && history.TryFind(name, switches.AttestorPropagation, out var then) ? then : Find(name);

    public Attestor Get(string name) => attestors.Find(AttestorRules.Name(name)) ?? throw NotFound(name);

    public Page<Attestor> List(string parent, int pageSize, string pageToken) =>
        Page.Of(attestors.List($"{AttestorRules.Project(parent)}/attestors"), pageSize, pageToken);

    public Attestor Create(string parent, string id, Attestor? asked)
    {
        var name = $"{AttestorRules.Project(parent)}/attestors/{AttestorRules.Id(id)}";
        if (asked is { Name.Length: > 0 } && asked.Name != name)
        {
            throw Errors.Invalid($"attestor.name is '{asked.Name}', but parent and attestor_id make it '{name}'.");
        }

        var attestor = Complete(name, asked ?? new Attestor());
        if (!attestors.TryAdd(name, attestor))
        {
            throw Errors.AlreadyExists($"Attestor {name} already exists.");
        }

        history.Add(name, null, attestor);
        return attestor;
    }

    /// <summary>Replaces an attestor. An etag, if given, must be the current one.</summary>
    public Attestor Replace(Attestor? asked)
    {
        var name = AttestorRules.Name(asked?.Name ?? "");
        var attestor = Complete(name, asked!);
        return attestors.Update(name, current => Replacement(current, attestor, asked!.Etag)) ?? throw NotFound(name);
    }

    public void Delete(string name)
    {
        var last = Get(name);
        if (!attestors.Remove(name))
        {
            throw NotFound(name);
        }

        history.Add(name, last, null);
    }

    private Attestor Replacement(Attestor current, Attestor wanted, string etag)
    {
        if (etag.Length > 0 && etag != current.Etag)
        {
            throw Errors.Aborted($"The etag {etag} of {current.Name} is not the current one: the attestor was changed in between. Read it again and repeat the change.");
        }

        if (wanted.UserOwnedGrafeasNote.NoteReference != current.UserOwnedGrafeasNote.NoteReference)
        {
            throw Errors.Invalid($"note_reference of {current.Name} is {current.UserOwnedGrafeasNote.NoteReference} and cannot be changed.");
        }

        history.Add(current.Name, current, wanted);
        return wanted;
    }

    private Attestor Complete(string name, Attestor asked)
    {
        var attestor = new Attestor
        {
            Name = name,
            Description = asked.Description,
            UserOwnedGrafeasNote = asked.UserOwnedGrafeasNote?.Clone(),
            UpdateTime = Timestamp.FromDateTimeOffset(time.GetUtcNow()),
        };
        AttestorRules.Complete(attestor.UserOwnedGrafeasNote);
        attestor.UserOwnedGrafeasNote!.DelegationServiceAccountEmail =
            $"service-{ProjectNumber.Of(name.Split('/')[1])}@gcp-sa-binaryauthorization.iam.gserviceaccount.com";
        attestor.Etag = Etags.Text(attestor);
        return attestor;
    }

    private static Grpc.Core.RpcException NotFound(string name) => Errors.NotFound($"Attestor {name} not found.");
}
