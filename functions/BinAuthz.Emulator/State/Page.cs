using System.Globalization;
using System.Text;
using BinAuthz.Emulator.Hosting;

namespace BinAuthz.Emulator.State;

/// <summary>Cuts lists into pages.</summary>
internal static class Page
{
    /// <summary>The page that <paramref name="token"/> names.</summary>
    /// <param name="items">Everything, in a stable order.</param>
    /// <param name="size">As asked; 0 is <paramref name="defaultSize"/>.</param>
    /// <param name="token">Empty for the first page.</param>
    /// <param name="defaultSize">Also the largest size when that is larger than what was asked for.</param>
    public static Page<T> Of<T>(IReadOnlyList<T> items, int size, string token, int defaultSize = 100)
    {
        if (size < 0)
        {
            throw Errors.Invalid($"page_size is {size}; it must not be negative.");
        }

        var start = Start(token);
        var length = size == 0 ? defaultSize : Math.Min(size, 1000);
        var next = start + length < items.Count ? Convert.ToBase64String(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"page:{start + length}"))) : "";
        return new Page<T>([.. items.Skip(start).Take(length)], next);
    }

    private static int Start(string token)
    {
        if (token.Length == 0)
        {
            return 0;
        }

        Span<byte> bytes = stackalloc byte[64];
        return token.Length <= 64 && Convert.TryFromBase64String(token, bytes, out var written)
            && Encoding.ASCII.GetString(bytes[..written]) is var text && text.StartsWith("page:", StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            ? start
            : throw Errors.Invalid("page_token is not one that this method returned.");
    }
}
