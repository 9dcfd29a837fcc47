using Microsoft.Extensions.Logging;

namespace Google.Cloud.Functions.Logging;

/// <summary>One message on its way to the console.</summary>
internal readonly record struct LogEntry(
    LogLevel Level, string Category, string Message, Exception? Exception, object? State, IExternalScopeProvider Scopes)
{
    /// <summary>The values of the message's template, if it has any beside the template itself.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>>? Parameters =>
        State is IReadOnlyList<KeyValuePair<string, object?>> parameters
        && !(parameters is [] or [{ Key: "{OriginalFormat}" }])
            ? parameters
            : null;
}
