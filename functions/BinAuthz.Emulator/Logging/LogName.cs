using System.Text.RegularExpressions;
using BinAuthz.Emulator.Hosting;

namespace BinAuthz.Emulator.Logging;

/// <summary>The names of logs: <c>projects/P/logs/ID</c>, with the slashes of the id written %2F.</summary>
internal static partial class LogName
{
    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT.</exception>
    public static void Check(string name)
    {
        if (!Valid().IsMatch(name))
        {
            throw Errors.Invalid($"log_name \"{name}\" is not valid. It is projects/PROJECT/logs/LOG_ID; the id has letters, digits and _-., and a slash in it is written %2F.");
        }
    }

    /// <summary>The first two segments: projects/P.</summary>
    public static string Parent(string name) => name.Split('/') is [var collection, var id, ..] ? $"{collection}/{id}" : name;

    public static string Id(string name) => Uri.UnescapeDataString(name[(name.LastIndexOf('/') + 1)..]);

    [GeneratedRegex(@"\A(?:projects|organizations|folders|billingAccounts)/[^/]+/logs/(?:[A-Za-z0-9_.\-]|%2F){1,511}\z", RegexOptions.IgnoreCase)]
    private static partial Regex Valid();
}
