using BinAuthz.Emulator.Hosting;
using Grafeas.V1;

namespace BinAuthz.Emulator.ContainerAnalysis;

/// <summary>The kind of a note or an occurrence follows from its content.</summary>
internal static class Kinds
{
    /// <summary>The names of all kinds, as filters write them.</summary>
    public static IReadOnlyCollection<string> Names { get; } = [.. NoteKindReflection().Values.Select(value => value.Name)];

    public static string Name(NoteKind kind) => NoteKindReflection().FindValueByNumber((int)kind)?.Name ?? kind.ToString();

    /// <summary>The kind of an occurrence that a client sent.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT: there are no details, or they contradict the kind that was sent.</exception>
    public static NoteKind Of(Occurrence occurrence) => Checked(occurrence.Kind, "occurrence", occurrence.DetailsCase switch
    {
        Occurrence.DetailsOneofCase.Vulnerability => NoteKind.Vulnerability,
        Occurrence.DetailsOneofCase.Build => NoteKind.Build,
        Occurrence.DetailsOneofCase.Discovery => NoteKind.Discovery,
        Occurrence.DetailsOneofCase.Attestation => NoteKind.Attestation,
        Occurrence.DetailsOneofCase.DsseAttestation => NoteKind.DsseAttestation,
        _ => NoteKind.Unspecified,
    });

    /// <summary>The kind of a note that a client sent.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT: there is no type, or it contradicts the kind that was sent.</exception>
    public static NoteKind Of(Note note) => Checked(note.Kind, "note", note.TypeCase switch
    {
        Note.TypeOneofCase.Vulnerability => NoteKind.Vulnerability,
        Note.TypeOneofCase.Build => NoteKind.Build,
        Note.TypeOneofCase.Discovery => NoteKind.Discovery,
        Note.TypeOneofCase.Attestation => NoteKind.Attestation,
        Note.TypeOneofCase.DsseAttestation => NoteKind.DsseAttestation,
        Note.TypeOneofCase.VulnerabilityAssessment => NoteKind.VulnerabilityAssessment,
        _ => NoteKind.Unspecified,
    });

    private static NoteKind Checked(NoteKind sent, string what, NoteKind found)
    {
        if (found == NoteKind.Unspecified)
        {
            throw Errors.Invalid($"The {what} has no content of a kind that the emulator knows, such as \"attestation\" or \"discovery\".");
        }

        return sent == NoteKind.Unspecified || sent == found ? found : throw Errors.Invalid($"The {what} says that its kind is {Name(sent)}, but holds a {Name(found)}.");
    }

    private static Google.Protobuf.Reflection.EnumDescriptor NoteKindReflection() => KindsReflection.Descriptor.FindTypeByName<Google.Protobuf.Reflection.EnumDescriptor>("NoteKind");
}
