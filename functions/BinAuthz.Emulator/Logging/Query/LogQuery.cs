using System.Text.Json;

namespace BinAuthz.Emulator.Logging.Query;

/// <summary>
/// A filter in the Logging query language: comparisons (= != &gt; &gt;= &lt; &lt;= : =~ !~), text that is searched everywhere,
/// NOT and -, OR, and AND, which may be left out. NOT binds strongest, then OR, then AND. Everything but regular
/// expressions ignores case.
/// </summary>
internal sealed class LogQuery
{
    private readonly Func<JsonElement, bool> matches;

    private LogQuery(Func<JsonElement, bool> matches) => this.matches = matches;

    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT: with line and column. UNIMPLEMENTED: a function that the emulator lacks.</exception>
    public static LogQuery Parse(string text) => new(new QueryParser(text).Parse());

    public bool Matches(JsonElement entry) => matches(entry);
}
