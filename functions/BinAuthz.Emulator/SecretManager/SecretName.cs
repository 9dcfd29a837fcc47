using System.Globalization;
using System.Text.RegularExpressions;
using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.Iam;

namespace BinAuthz.Emulator.SecretManager;

/// <summary>The names of secrets and versions. Requests name the project by id or number, answers by number.</summary>
internal static partial class SecretName
{
    /// <summary><c>projects/NUMBER</c> and what follows of a name.</summary>
    public static string ByNumber(string name)
    {
        var parts = name.Split('/');
        if (parts is not ["projects", { Length: > 0 } project, ..])
        {
            throw Errors.Invalid($"'{name}' does not begin with projects/PROJECT.");
        }

        parts[1] = project.All(char.IsAsciiDigit) ? project : ProjectNumber.Of(project).ToString(CultureInfo.InvariantCulture);
        return string.Join('/', parts);
    }

    /// <summary>The secret of a version, and which version: a number, an alias or <c>latest</c>.</summary>
    public static (string Secret, string Version) Split(string name)
    {
        var at = name.LastIndexOf("/versions/", StringComparison.Ordinal);
        return at > 0 ? (ByNumber(name[..at]), name[(at + "/versions/".Length)..]) : throw Errors.Invalid($"'{name}' is not projects/P/secrets/S/versions/V.");
    }

    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT: Secret Manager takes no such id.</exception>
    public static void CheckId(string id)
    {
        if (!ValidId().IsMatch(id))
        {
            throw Errors.Invalid($"secret_id '{id}' must have 1 to 255 letters, digits, - and _.");
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,255}\z")]
    private static partial Regex ValidId();
}
