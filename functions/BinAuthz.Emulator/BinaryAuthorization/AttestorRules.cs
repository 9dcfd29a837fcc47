using System.Text.RegularExpressions;
using BinAuthz.Emulator.Hosting;
using Google.Cloud.BinaryAuthorization.V1;

namespace BinAuthz.Emulator.BinaryAuthorization;

/// <summary>What Binary Authorization accepts as an attestor.</summary>
internal static partial class AttestorRules
{
    private const int MaxKeys = 1000;

    public static string Name(string name) => AttestorName().IsMatch(name)
        ? name
        : throw Errors.Invalid($"'{name}' is not the name of an attestor; it must have the form projects/*/attestors/*.");

    public static string Project(string parent) => ProjectName().IsMatch(parent)
        ? parent
        : throw Errors.Invalid($"'{parent}' is not the name of a project; it must have the form projects/*.");

    public static string Id(string id) => AttestorId().IsMatch(id)
        ? id
        : throw Errors.Invalid($"attestor_id '{id}' is invalid: it must match [a-zA-Z0-9_-]{{1,128}}.");

    /// <summary>Checks a note with its keys and fills in the ids that were left blank.</summary>
    public static void Complete(UserOwnedGrafeasNote? note)
    {
        if (note is null || !NoteName().IsMatch(note.NoteReference))
        {
            throw Errors.Invalid($"The attestor's note_reference '{note?.NoteReference}' must have the form projects/*/notes/*.");
        }

        if (NumberedProject().IsMatch(note.NoteReference))
        {
            throw Errors.Invalid($"The attestor's note_reference '{note.NoteReference}' must name the project by its id, not by its number.");
        }

        if (note.PublicKeys.Count > MaxKeys)
        {
            throw Errors.Invalid($"An attestor may have {MaxKeys} public keys; the request has {note.PublicKeys.Count}.");
        }

        foreach (var key in note.PublicKeys)
        {
            CompleteKey(key);
        }

        if (note.PublicKeys.GroupBy(key => key.Id, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw Errors.Invalid($"The attestor has more than one public key with the id '{twice.Key}'.");
        }
    }

    private static void CompleteKey(AttestorPublicKey key)
    {
        if (key.PublicKeyCase == AttestorPublicKey.PublicKeyOneofCase.AsciiArmoredPgpPublicKey)
        {
            var id = OpenPgpKey.Id(key.AsciiArmoredPgpPublicKey);
            key.Id = key.Id.Length == 0 || key.Id == id ? id : throw Errors.Invalid($"The id '{key.Id}' of a PGP key must be blank: it is its fingerprint, {id}.");
            return;
        }

        if (key.PkixPublicKey is not { } pkix)
        {
            throw Errors.Invalid("A public key of the attestor has no pkix_public_key.");
        }

        VerificationKey.Import(pkix);
        if (key.Id.Length == 0)
        {
            key.Id = pkix.KeyId.Length == 0 ? VerificationKey.DefaultId(pkix.PublicKeyPem) : pkix.KeyId;
        }

        if (!Uri().IsMatch(key.Id))
        {
            throw Errors.Invalid($"The public key id '{key.Id}' is not an RFC 3986 URI.");
        }

        if (pkix.KeyId.Length > 0 && pkix.KeyId != key.Id)
        {
            throw Errors.Invalid($"pkix_public_key.key_id '{pkix.KeyId}' must be blank or equal to the id '{key.Id}' of the public key.");
        }
    }

    [GeneratedRegex(@"^projects/[^/]+/attestors/[^/]+\z")]
    private static partial Regex AttestorName();

    [GeneratedRegex(@"^projects/[^/]+\z")]
    private static partial Regex ProjectName();

    [GeneratedRegex(@"^[a-zA-Z0-9_-]{1,128}\z")]
    private static partial Regex AttestorId();

    [GeneratedRegex(@"^projects/[^/]+/notes/[^/]+\z")]
    private static partial Regex NoteName();

    [GeneratedRegex(@"^projects/[0-9]+/notes/")]
    private static partial Regex NumberedProject();

    // The characters of RFC 3986; network-path references such as //cloudkms.googleapis.com/… count.
    [GeneratedRegex(@"^[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+\z")]
    private static partial Regex Uri();
}
