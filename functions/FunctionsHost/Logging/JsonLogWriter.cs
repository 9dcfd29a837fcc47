using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Google.Cloud.Functions.Logging;

/// <summary>Writes one JSON object a line, with the members that Cloud Logging lifts into its LogEntry.</summary>
internal sealed class JsonLogWriter(Stream output, string? project) : LogWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _lock = new();

    public override void Write(in LogEntry entry)
    {
        var line = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(line, Options))
        {
            json.WriteStartObject();
            json.WriteString("message", entry.Message);
            json.WriteString("category", entry.Category);
            if (entry.Exception is { } exception)
            {
                json.WriteString("exception", exception.ToString());
            }

            json.WriteString("severity", SeverityOf(entry.Level));
            WriteTrace(json, Activity.Current);
            WriteLabels(json, Activity.Current);
            WriteParameters(json, entry.Parameters);
            WriteScopes(json, entry.Scopes);
            json.WriteEndObject();
        }

        line.Write("\n"u8);
        lock (_lock)
        {
            output.Write(line.WrittenSpan);
            output.Flush();
        }
    }

    private static string SeverityOf(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "DEBUG",
        LogLevel.Information => "INFO",
        LogLevel.Warning => "WARNING",
        LogLevel.Error => "ERROR",
        LogLevel.Critical => "CRITICAL",
        _ => "DEFAULT",
    };

    private void WriteTrace(Utf8JsonWriter json, Activity? activity)
    {
        if (activity is not { IdFormat: ActivityIdFormat.W3C })
        {
            return;
        }

        string trace = activity.TraceId.ToHexString();
        json.WriteString("logging.googleapis.com/trace", string.IsNullOrEmpty(project) ? trace : $"projects/{project}/traces/{trace}");
        if (SpanOf(activity) is { } span)
        {
            json.WriteString("logging.googleapis.com/spanId", span);
        }

        json.WriteBoolean("logging.googleapis.com/trace_sampled", activity.Recorded);
    }

    // Our own spans exist for others only if somebody exports them; the caller's span always does.
    private static string? SpanOf(Activity activity)
    {
        if (activity.Source.HasListeners())
        {
            return activity.SpanId.ToHexString();
        }

        var caller = RootOf(activity).ParentSpanId;
        return caller == default ? null : caller.ToHexString();
    }

    private static Activity RootOf(Activity activity)
    {
        while (activity.Parent is { } parent)
        {
            activity = parent;
        }

        return activity;
    }

    private static void WriteLabels(Utf8JsonWriter json, Activity? activity)
    {
        if (activity is null)
        {
            return;
        }

        var request = RootOf(activity);
        bool started = false;
        foreach (var (tag, label) in TraceLabels.All)
        {
            if (request.GetTagItem(tag) is not string value)
            {
                continue;
            }

            if (!started)
            {
                json.WriteStartObject("logging.googleapis.com/labels");
                started = true;
            }

            json.WriteString(label, value);
        }

        if (started)
        {
            json.WriteEndObject();
        }
    }

    private static void WriteParameters(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, object?>>? parameters)
    {
        if (parameters is null)
        {
            return;
        }

        json.WriteStartObject("format_parameters");
        foreach (var (name, value) in parameters)
        {
            if (!string.IsNullOrEmpty(name))
            {
                // A name that starts with a digit is awkward in Cloud Logging's query language.
                json.WriteString(char.IsAsciiDigit(name[0]) ? "_" + name : name, Text(value));
            }
        }

        json.WriteEndObject();
    }

    private static void WriteScopes(Utf8JsonWriter json, IExternalScopeProvider scopes)
    {
        var state = new ScopeState(json);
        scopes.ForEachScope(WriteScope, state);
        if (state.Started)
        {
            json.WriteEndArray();
        }
    }

    private static void WriteScope(object? scope, ScopeState state)
    {
        if (scope is null)
        {
            return;
        }

        if (!state.Started)
        {
            state.Json.WriteStartArray("scopes");
            state.Started = true;
        }

        if (scope is not IEnumerable<KeyValuePair<string, object?>> pairs)
        {
            state.Json.WriteStringValue(Text(scope));
            return;
        }

        state.Json.WriteStartObject();
        foreach (var (name, value) in pairs)
        {
            if (!string.IsNullOrEmpty(name))
            {
                state.Json.WriteString(name, Text(value));
            }
        }

        state.Json.WriteEndObject();
    }

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    /// <summary>Whether the array of scopes has begun.</summary>
    private sealed class ScopeState(Utf8JsonWriter json)
    {
        public Utf8JsonWriter Json => json;

        public bool Started { get; set; }
    }
}
