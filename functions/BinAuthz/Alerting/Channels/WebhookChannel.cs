using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using BinAuthz.Alerting.Secrets;

namespace BinAuthz.Alerting.Channels;

/// <summary>
/// A server of one's own: the alert's JSON in a CloudEvent (structured mode, CloudEvents 1.0), signed with HMAC-SHA256 over time and body,
/// so that the receiver can tell who sent it and that it is no repetition.
/// </summary>
internal sealed class WebhookChannel(WebhookSettings settings, AlertSecrets secrets, ChannelHttp http, TimeProvider time) : HttpChannel(settings.Name, secrets, http)
{
    /// <summary>The header with the seconds since 1970 at which the message was signed.</summary>
    public const string TimestampHeader = "BinAuthz-Timestamp";

    /// <summary>The header with <c>v1=</c> and the signature in hexadecimal digits.</summary>
    public const string SignatureHeader = "BinAuthz-Signature";

    /// <summary>The type of the event.</summary>
    public const string EventType = "dev.binauthz.alert.v1";

    private const string CloudEvents = "application/cloudevents+json; charset=utf-8";
    private const int ShortestKey = 16;
    private const int LongestText = 100_000;
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    protected override IReadOnlyList<SecretReference> References => settings.Url is { } url ? [settings.Key, url] : [settings.Key];

    /// <summary>The event. Only the log's text is cut, at 100,000 characters; the rest is as it stands in the alert.</summary>
    public static byte[] Event(Alert alert)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            writer.WriteStartObject();
            writer.WriteString("specversion", "1.0");
            writer.WriteString("id", alert.Id);
            writer.WriteString("source", $"//binaryauthorization.googleapis.com/environments/{Uri.EscapeDataString(alert.Environment)}");
            writer.WriteString("type", EventType);
            writer.WriteString("time", Rfc3339.Write(alert.Until));
            writer.WriteString("datacontenttype", "application/json");
            writer.WritePropertyName("data");
            writer.WriteRawValue(AlertJson.Write(alert with { Message = AlertText.Fit(alert.Message, LongestText) }));
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The signature: <c>v1=</c> and HMAC-SHA256, in hexadecimal digits, over the timestamp, a dot and the body.</summary>
    public static string Sign(string key, string timestamp, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(key));
        hmac.AppendData(Encoding.UTF8.GetBytes($"{timestamp}."));
        hmac.AppendData(body);
        return $"v1={Convert.ToHexStringLower(hmac.GetHashAndReset())}";
    }

    protected override byte[] Body(Alert alert, IReadOnlyList<string> values) => Event(alert);

    protected override ChannelRequest Request(byte[] body, IReadOnlyList<string> values)
    {
        if (values[0].Length < ShortestKey)
        {
            throw new AlertChannelException(Name, $"The key {settings.Key} is shorter than {ShortestKey} characters. Make one with: openssl rand -hex 32", isTransient: false);
        }

        var timestamp = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return new ChannelRequest(settings.PublicUrl ?? Address(values[1]), body, CloudEvents)
        {
            Headers = [KeyValuePair.Create(TimestampHeader, timestamp), KeyValuePair.Create(SignatureHeader, Sign(values[0], timestamp, body))],
            Secrets = settings.PublicUrl is { } shown ? [.. values, shown.ToString()] : values,
        };
    }
}
