using System.Text;
using BinAuthz.Emulator.Hosting;

namespace BinAuthz.Emulator.State;

/// <summary>Page tokens that name the last resource of the page before, for lists too long to be made whole for each page.</summary>
internal static class Cursor
{
    private const string Prefix = "after:";

    /// <summary>The name after which the page begins; empty for the first page.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT: no such token was given out.</exception>
    public static string Read(string token)
    {
        if (token.Length == 0)
        {
            return "";
        }

        var bytes = new byte[token.Length];
        return Convert.TryFromBase64String(token, bytes, out var length) && Encoding.UTF8.GetString(bytes, 0, length) is var text && text.StartsWith(Prefix, StringComparison.Ordinal)
            ? text[Prefix.Length..]
            : throw Errors.Invalid("page_token is not one that this method returned.");
    }

    /// <summary>The page of <paramref name="found"/>, which holds one item more than the page if there is a next one.</summary>
    public static Page<T> Page<T>(IReadOnlyList<T> found, int length, Func<T, string> name) => found.Count > length
        ? new Page<T>([.. found.Take(length)], Convert.ToBase64String(Encoding.UTF8.GetBytes(Prefix + name(found[length - 1]))))
        : new Page<T>(found, "");
}
