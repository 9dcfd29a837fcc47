using System.Text.Json;

namespace BinAuthz.Denials;

/// <summary>The queries that find what is alerted on: <c>log-filters.json</c>, which terraform and the documentation read too.</summary>
internal static class LogFilters
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<LogFilter> All { get; } = Read();

    /// <summary>The query of the log sink: everything that one of them finds.</summary>
    public static string Sink { get; } = string.Join("\nOR ", All.Select(each => $"({each.Filter})"));

    private static LogFilter[] Read()
    {
        using var stream = typeof(LogFilters).Assembly.GetManifestResourceStream("BinAuthz.Denials.log-filters.json")!;
        using var document = JsonDocument.Parse(stream);
        return [.. document.RootElement.GetProperty("filters").EnumerateArray().Select(each => new LogFilter(
            each.GetProperty("id").GetString()!,
            each.GetProperty("description").GetString()!,
            string.Join('\n', each.GetProperty("filter").EnumerateArray().Select(line => line.GetString()))))];
    }
}
