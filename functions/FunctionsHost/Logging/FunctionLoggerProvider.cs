using Microsoft.Extensions.Logging;

namespace Google.Cloud.Functions.Logging;

/// <summary>Makes loggers that share one writer.</summary>
internal sealed class FunctionLoggerProvider(LogWriter writer) : ILoggerProvider, ISupportExternalScope
{
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public ILogger CreateLogger(string categoryName) => new FunctionLogger(categoryName, writer, _scopes);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
        // Standard output stays open.
    }
}
