using System.Text.Json;
using BinAuthz.Denials;

namespace BinAuthz.Functions.Events;

/// <summary>What a message asks of alerting.</summary>
/// <param name="Entry">What the log entry tells; nothing for a sweep.</param>
/// <param name="IsSweep">Whether it is <c>{"sweep":true}</c>, a scheduler's.</param>
internal sealed record DenialNotification(LogReading Entry, bool IsSweep)
{
    private const int LongestSweep = 100;

    /// <summary>Reads the data of a message.</summary>
    /// <exception cref="UnreadableEventException">It is neither.</exception>
    public static DenialNotification Read(ReadOnlySpan<byte> data)
    {
        if (AsksForSweep(data))
        {
            return new DenialNotification(LogReading.None("a sweep"), IsSweep: true);
        }

        try
        {
            return new DenialNotification(LogEntryReader.Read(data), IsSweep: false);
        }
        catch (FormatException error)
        {
            throw new UnreadableEventException(error.Message, error);
        }
    }

    private static bool AsksForSweep(ReadOnlySpan<byte> data)
    {
        if (data.Length > LongestSweep)
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(data);
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("sweep", out var sweep)
                && sweep.ValueKind == JsonValueKind.True;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
