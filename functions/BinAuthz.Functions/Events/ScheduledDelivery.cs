using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace BinAuthz.Functions.Events;

/// <summary>A request on a schedule: Cloud Scheduler's own over HTTP, or the delivery of a Pub/Sub message.</summary>
/// <param name="Id">The message's, or the name of the scheduler's job.</param>
/// <param name="Data">What is asked for, over HTTP.</param>
/// <param name="Published">The message; null: it came over HTTP.</param>
internal sealed record ScheduledDelivery(string Id, ReadOnlyMemory<byte> Data, MessagePublished? Published)
{
    private const int LongestBody = 1 << 20;

    // docs: scheduler/docs/reference/rpc/google.cloud.scheduler.v1, HttpTarget
    private const string JobHeader = "X-CloudScheduler-JobName";
    private const string TimeHeader = "X-CloudScheduler-ScheduleTime";

    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    /// <summary>When it was due, as the scheduler or Pub/Sub wrote it; null: not told. The same whenever it is delivered again.</summary>
    public string? Due { get; init; }

    /// <summary>When it was due, UTC. A request over HTTP that does not tell, as a person sends it, is due now.</summary>
    /// <param name="now">The time, UTC.</param>
    /// <exception cref="UnreadableEventException">It is no time, or one that is still to come: what is made then could not be made any more.</exception>
    public DateTimeOffset DueAt(DateTimeOffset now)
    {
        if (Due is null)
        {
            return Published is null ? now : throw new UnreadableEventException("The message has no 'publishTime', by which a delivery is known to be of the same one.");
        }

        return !DateTimeOffset.TryParse(Due, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var due)
            ? throw new UnreadableEventException($"It was due at '{Due}', which is no time: write it as 2026-11-26T06:00:00Z.")
            : due > now + Ahead
                ? throw new UnreadableEventException($"It was due at {Rfc3339.Write(due)}, and that is still to come. Look at the clock of whoever asked.")
                : due;
    }

    /// <summary>Reads a request.</summary>
    /// <exception cref="UnreadableEventException">It is longer than any that is meant.</exception>
    public static async Task<ScheduledDelivery> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > LongestBody)
        {
            throw new UnreadableEventException($"The body is longer than {LongestBody} bytes.");
        }

        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        var data = body.GetBuffer().AsMemory(0, (int)body.Length);
        if (!request.Headers.ContainsKey("ce-type") && !HasMessage(data.Span))
        {
            return new ScheduledDelivery(request.Headers[JobHeader].ToString() is { Length: > 0 } job ? job : "over HTTP", data, null)
            {
                Due = request.Headers[TimeHeader].ToString() is { Length: > 0 } due ? due : null,
            };
        }

        var published = MessagePublishedFormatter.Read(data);
        var id = published.Message.MessageId is { Length: > 0 } told ? told : request.Headers["ce-id"].ToString();
        return new ScheduledDelivery(id, ReadOnlyMemory<byte>.Empty, published) { Due = published.Message.PublishTime };
    }

    // The form of Pub/Sub's push requests and of Eventarc's events alike.
    private static bool HasMessage(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            return JsonElement.TryParseValue(ref reader, out var json) && json is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("message", out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
