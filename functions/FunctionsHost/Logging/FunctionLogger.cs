using Microsoft.Extensions.Logging;

namespace Google.Cloud.Functions.Logging;

/// <summary>A logger of one category.</summary>
internal sealed class FunctionLogger(string category, LogWriter writer, IExternalScopeProvider scopes) : ILogger
{
    // Kestrel's warning that its heartbeat came late: normal where an instance has no CPU between requests.
    private const int HeartbeatSlow = 22;

    private readonly bool _isKestrel = category == "Microsoft.AspNetCore.Server.Kestrel";

    public IDisposable BeginScope<TState>(TState state)
        where TState : notnull => scopes.Push(state);

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (_isKestrel && eventId.Id == HeartbeatSlow)
        {
            return;
        }

        string message = formatter(state, exception);
        if (!string.IsNullOrEmpty(message))
        {
            writer.Write(new LogEntry(logLevel, category, message, exception, state, scopes));
        }
    }
}
