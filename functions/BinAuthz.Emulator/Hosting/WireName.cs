using System.Reflection;
using Google.Protobuf.Reflection;

namespace BinAuthz.Emulator.Hosting;

/// <summary>The names of enum values in the API, such as PENDING_GENERATION.</summary>
internal static class WireName
{
    public static string Of<T>(T value)
        where T : struct, Enum =>
        typeof(T).GetField(value.ToString())?.GetCustomAttribute<OriginalNameAttribute>()?.Name ?? value.ToString();
}
