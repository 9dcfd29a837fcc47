using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Google.Cloud.Functions.Logging;

/// <summary>Writes lines for a person at a terminal.</summary>
internal sealed class TextLogWriter(TextWriter output, TimeProvider clock) : LogWriter
{
    public override void Write(in LogEntry entry)
    {
        var text = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"{clock.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss.fff'Z'} [{entry.Category}] [{NameOf(entry.Level)}] {entry.Message}");
        if (entry.Exception is { } exception)
        {
            text.AppendLine().Append(exception);
        }

        output.WriteLine(text.ToString());
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}
