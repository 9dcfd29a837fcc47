using System.Globalization;
using System.Text.Json;
using BinAuthz.Attestations;
using BinAuthz.Checkup;
using BinAuthz.Decisions;
using BinAuthz.Keys;
using BinAuthz.Rotation;

namespace BinAuthz.Auditing.Scanning;

/// <summary>The document of a <see cref="ScanSnapshot"/>, and of why a part could not be read.</summary>
internal static class SnapshotJson
{
    /// <summary>Writes one.</summary>
    public static byte[] Write(ScanSnapshot snapshot) => Document(writer =>
    {
        writer.WriteStartArray("images");
        foreach (var image in snapshot.Images.Known.Images)
        {
            Write(writer, image);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("obstacles");
        foreach (var obstacle in snapshot.Images.Obstacles)
        {
            Value(writer, obstacle);
        }

        writer.WriteEndArray();
        Write(writer, "exemptions", snapshot.Images.ExemptionsUnknown);
        writer.WriteStartArray("attestors");
        foreach (var attestor in snapshot.Attestors)
        {
            Write(writer, attestor);
        }

        writer.WriteEndArray();
    });

    /// <summary>Writes why a part could not be read.</summary>
    public static byte[] Write(Obstacle why) => Document(writer => Write(writer, "obstacle", why));

    /// <summary>Reads why a part could not be read; null: it says what the part found.</summary>
    /// <exception cref="FormatException">It is another thing.</exception>
    public static Obstacle? TryReadObstacle(ReadOnlyMemory<byte> json) => Read(json, root => root.TryGetProperty("obstacle", out _) ? ReadObstacle(root, "obstacle") : null);

    /// <summary>Reads a snapshot.</summary>
    /// <exception cref="FormatException">It is another thing.</exception>
    public static ScanSnapshot Read(ReadOnlyMemory<byte> json) => Read(json, root => new ScanSnapshot(
        new ScannedSubjects(ScanSubjects.Of(root.GetProperty("images").EnumerateArray().Select(ReadImage)), [.. root.GetProperty("obstacles").EnumerateArray().Select(ReadObstacle)])
        {
            ExemptionsUnknown = ReadObstacle(root, "exemptions"),
        },
        [.. root.GetProperty("attestors").EnumerateArray().Select(ReadAttestor)]));

    private static void Write(Utf8JsonWriter writer, ScannedImage image)
    {
        writer.WriteStartObject();
        writer.WriteString("digest", image.Digest.ToString());
        writer.WriteString("name", image.Name);
        writer.WriteString("uploaded", image.Uploaded?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        writer.WriteBoolean("stored", image.IsStored);
        writer.WriteBoolean("running", image.IsRunning);
        writer.WriteBoolean("exempt", image.IsExempt);
        writer.WriteStartArray("platforms");
        foreach (var platform in image.Platforms.Order())
        {
            writer.WriteStringValue(platform.ToString());
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static ScannedImage ReadImage(JsonElement json)
    {
        var image = new ScannedImage(ReadDigest(json.GetProperty("digest")))
        {
            Name = json.GetProperty("name").GetString(),
            Uploaded = json.GetProperty("uploaded").GetString() is { } uploaded ? DateTimeOffset.ParseExact(uploaded, "O", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : null,
            IsStored = json.GetProperty("stored").GetBoolean(),
            IsRunning = json.GetProperty("running").GetBoolean(),
            IsExempt = json.GetProperty("exempt").GetBoolean(),
        };
        image.Platforms.UnionWith(json.GetProperty("platforms").EnumerateArray().Select(ReadDigest));
        return image;
    }

    private static DigestKey ReadDigest(JsonElement json) => DigestKey.Of(Images.ImageDigest.Parse(json.GetString()!));

    private static void Write(Utf8JsonWriter writer, SnapshotAttestor attestor)
    {
        writer.WriteStartObject();
        writer.WriteString("name", attestor.Name.ToString());
        Write(writer, "why", attestor.Why);
        Write(writer, "decisions", attestor.Records.Decisions);
        Write(writer, "keyRecords", attestor.Records.KeyRecords);
        writer.WriteStartArray("marks");
        foreach (var mark in attestor.Records.Marks)
        {
            writer.WriteNumberValue(mark);
        }

        writer.WriteEndArray();
        if (attestor.Keys is { } keys)
        {
            Write(writer, keys);
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, AuditKeys keys)
    {
        writer.WriteString("note", keys.Attestor.Note.ToString());
        writer.WriteString("etag", keys.Attestor.Etag);
        writer.WriteStartArray("keys");
        foreach (var key in keys.Attestor.Keys)
        {
            writer.WriteStartObject();
            writer.WriteString("id", key.Id);
            writer.WriteString("pem", key.Pem);
            writer.WriteString("algorithm", key.Algorithm?.BinAuthzName);
            writer.WriteString("comment", key.Comment);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("records");
        foreach (var record in keys.Records)
        {
            writer.WriteRawValue(KeyRecordJson.Write(record));
        }

        writer.WriteEndArray();
    }

    private static SnapshotAttestor ReadAttestor(JsonElement json)
    {
        var name = AttestorName.Parse(JsonFields.Text(json, "name"));
        return new SnapshotAttestor(name, json.TryGetProperty("note", out _) ? ReadKeys(name, json) : null, new ScannedRecords([.. json.GetProperty("marks").EnumerateArray().Select(mark => mark.GetUInt64())])
        {
            Decisions = ReadObstacle(json, "decisions"),
            KeyRecords = ReadObstacle(json, "keyRecords"),
        })
        {
            Why = ReadObstacle(json, "why"),
        };
    }

    private static AuditKeys ReadKeys(AttestorName name, JsonElement json)
    {
        var keys = json.GetProperty("keys").EnumerateArray().Select(key => new AttestorKey(
            key.GetProperty("id").GetString()!,
            key.GetProperty("pem").GetString(),
            key.GetProperty("algorithm").GetString() is { } algorithm ? SignatureAlgorithm.Parse(algorithm) : null,
            key.GetProperty("comment").GetString()!));
        return new AuditKeys(
            new Attestor(name, NoteName.Parse(JsonFields.Text(json, "note")), [.. keys], json.GetProperty("etag").GetString()!),
            [.. json.GetProperty("records").EnumerateArray().Select(record => KeyRecordJson.Read(System.Text.Encoding.UTF8.GetBytes(record.GetRawText())))]);
    }

    private static void Write(Utf8JsonWriter writer, string name, Obstacle? obstacle)
    {
        if (obstacle is not null)
        {
            writer.WritePropertyName(name);
            Value(writer, obstacle);
        }
    }

    private static void Value(Utf8JsonWriter writer, Obstacle obstacle)
    {
        writer.WriteStartObject();
        writer.WriteString("reason", obstacle.Reason);
        writer.WriteString("remedy", obstacle.Remedy);
        writer.WriteBoolean("transient", obstacle.IsTransient);
        writer.WriteEndObject();
    }

    private static Obstacle? ReadObstacle(JsonElement json, string name) => json.TryGetProperty(name, out var obstacle) ? ReadObstacle(obstacle) : null;

    private static Obstacle ReadObstacle(JsonElement json) => new(json.GetProperty("reason").GetString()!, json.GetProperty("remedy").GetString()!, json.GetProperty("transient").GetBoolean());

    private static byte[] Document(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static T Read<T>(ReadOnlyMemory<byte> json, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return read(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new FormatException($"It is nothing that an audit in parts keeps: {error.Message}", error);
        }
    }
}
