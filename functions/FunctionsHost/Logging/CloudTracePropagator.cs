using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Google.Cloud.Functions.Logging;

/// <summary>Continues the trace of X-Cloud-Trace-Context where a request has no traceparent.</summary>
internal sealed partial class CloudTracePropagator(DistributedContextPropagator inner) : DistributedContextPropagator
{
    private const string Header = "X-Cloud-Trace-Context";

    public override IReadOnlyCollection<string> Fields => inner.Fields;

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter) =>
        inner.Inject(activity, carrier, setter);

    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState)
    {
        inner.ExtractTraceIdAndState(carrier, getter, out traceId, out traceState);
        if (!string.IsNullOrEmpty(traceId) || getter is null)
        {
            return;
        }

        getter(carrier, Header, out string? value, out _);
        traceId = ToTraceParent(value);
    }

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) =>
        inner.ExtractBaggage(carrier, getter);

    // TRACE_ID/SPAN_ID;o=OPTIONS, the span in decimal; span and options may be missing.
    private static string? ToTraceParent(string? value)
    {
        var match = TraceContext().Match(value ?? "");
        if (!match.Success || !ulong.TryParse(match.Groups["span"].Value, CultureInfo.InvariantCulture, out ulong span) || span == 0)
        {
            return null;
        }

        string flags = match.Groups["options"].Value == "1" ? "01" : "00";
        return $"00-{match.Groups["trace"].Value.ToLowerInvariant()}-{span:x16}-{flags}";
    }

    [GeneratedRegex(@"^(?<trace>[0-9a-fA-F]{32})/(?<span>[0-9]{1,20})(?:;o=(?<options>[01]))?\z")]
    private static partial Regex TraceContext();
}
