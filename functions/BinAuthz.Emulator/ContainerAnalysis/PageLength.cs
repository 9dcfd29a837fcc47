using BinAuthz.Emulator.Hosting;

namespace BinAuthz.Emulator.ContainerAnalysis;

/// <summary>The page sizes of Grafeas: 20 unless asked otherwise, 1000 at most.</summary>
internal static class PageLength
{
    public static int Of(int requested) => requested switch
    {
        < 0 => throw Errors.Invalid($"page_size is {requested}; it must not be negative."),
        0 => 20,
        _ => Math.Min(requested, 1000),
    };
}
