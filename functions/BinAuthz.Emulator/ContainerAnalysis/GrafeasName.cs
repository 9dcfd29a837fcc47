using System.Text.RegularExpressions;
using BinAuthz.Emulator.Hosting;

namespace BinAuthz.Emulator.ContainerAnalysis;

/// <summary>Names of notes and occurrences, and of the projects and locations that hold them.</summary>
internal static partial class GrafeasName
{
    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT: <paramref name="parent"/> is not a project or a location of one.</exception>
    public static void CheckParent(string parent)
    {
        if (!ParentPattern().IsMatch(parent))
        {
            throw Errors.Invalid($"parent is \"{parent}\"; projects/PROJECT or projects/PROJECT/locations/LOCATION is expected.");
        }
    }

    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT: <paramref name="name"/> does not name a note.</exception>
    public static void CheckNote(string name, string field)
    {
        if (!NotePattern().IsMatch(name))
        {
            throw Errors.Invalid($"{field} is \"{name}\"; projects/PROJECT/notes/NOTE is expected.");
        }
    }

    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT: <paramref name="id"/> cannot be the id of a note.</exception>
    public static void CheckNoteId(string id)
    {
        if (!IdPattern().IsMatch(id))
        {
            throw Errors.Invalid($"note_id is \"{id}\"; 1 to 128 letters, digits, '-', '_', '.', ':' are expected.");
        }
    }

    /// <summary>The second segment.</summary>
    public static string Project(string name)
    {
        var start = name.IndexOf('/', StringComparison.Ordinal) + 1;
        var end = name.IndexOf('/', start);
        return end < 0 ? name[start..] : name[start..end];
    }

    /// <summary>The last segment.</summary>
    public static string Id(string name) => name[(name.LastIndexOf('/') + 1)..];

    [GeneratedRegex(@"\Aprojects/[^/]+(/locations/[^/]+)?\z")]
    private static partial Regex ParentPattern();

    [GeneratedRegex(@"\Aprojects/[^/]+(/locations/[^/]+)?/notes/[^/]+\z")]
    private static partial Regex NotePattern();

    [GeneratedRegex(@"\A[A-Za-z0-9._:-]{1,128}\z")]
    private static partial Regex IdPattern();
}
