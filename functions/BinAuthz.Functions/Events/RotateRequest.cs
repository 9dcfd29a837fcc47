using System.Globalization;
using System.Text.Json;
using BinAuthz.Keys;
using BinAuthz.Rotation;
using BinAuthz.Signing;

namespace BinAuthz.Functions.Events;

/// <summary>What a request or a message asks of the rotation.</summary>
/// <param name="Renews">Whether a rotation is to begin whatever the age of the key.</param>
/// <param name="Revoke">The version to revoke; null: none.</param>
internal sealed record RotateRequest(bool Renews, RotateRequest.Revocation? Revoke)
{
    private const string By = "the rotate-key function";
    private const string Forms = """Write nothing, {}, {"renew":true}, or {"revoke":{"version":"…","since":"…","reason":"…"}}.""";

    /// <summary>A version to revoke, as it was written.</summary>
    /// <param name="Version">A number, or a full name.</param>
    /// <param name="Since">Since when others may have been able to sign.</param>
    /// <param name="Reason">Why.</param>
    public sealed record Revocation(string Version, string Since, string Reason);

    /// <summary>Reads a body, or the data of a message.</summary>
    /// <exception cref="UnreadableEventException">It is none of the forms, or has a field that is not known: what somebody meant by it would not be done.</exception>
    public static RotateRequest Read(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
        {
            return new RotateRequest(Renews: false, null);
        }

        try
        {
            var reader = new Utf8JsonReader(data);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            if (reader.BytesConsumed < data.TrimEnd(" \t\r\n"u8).Length || root.ValueKind != JsonValueKind.Object)
            {
                throw new UnreadableEventException($"It is no JSON object. {Forms}");
            }

            Demand(root, "renew", "revoke");
            var renews = root.TryGetProperty("renew", out var renew) && Flag(renew);
            var revocation = root.TryGetProperty("revoke", out var revoke) ? ReadRevocation(revoke) : null;
            return renews && revocation is not null
                ? throw new UnreadableEventException($"It asks to renew and to revoke; a revocation makes a successor by itself. {Forms}")
                : new RotateRequest(renews, revocation);
        }
        catch (JsonException error)
        {
            throw new UnreadableEventException($"It is no JSON document: {error.Message} {Forms}", error);
        }
    }

    /// <summary>Whose version is to be revoked, and the request for each: a key that signs for several attestors loses trust with all.</summary>
    /// <param name="subjects">For whom keys are rotated.</param>
    /// <param name="now">The time, UTC.</param>
    /// <exception cref="UnreadableEventException">The version is nobody's, or what is written cannot be meant.</exception>
    public IReadOnlyList<(SigningIdentity Subject, RevocationRequest Request)> Revocations(IReadOnlyList<SigningIdentity> subjects, DateTimeOffset now)
    {
        if (Revoke is not { } revoke)
        {
            return [];
        }

        if (subjects.Count > 1 && !KeyVersionName.TryParse(revoke.Version, out _))
        {
            throw new UnreadableEventException($"The version '{revoke.Version}' could be of {subjects.Count} keys. Write it as projects/P/locations/L/keyRings/R/cryptoKeys/K/cryptoKeyVersions/N.");
        }

        try
        {
            var request = RevocationRequest.Parse(subjects[0].Key, revoke.Version, revoke.Since, revoke.Reason, By, now);
            var owners = subjects.Where(subject => subject.Key == request.Version.Key).ToArray();
            return owners.Length > 0
                ? [.. owners.Select(owner => (owner, request))]
                : throw new UnreadableEventException($"{request.Version} is a version of none of the keys {string.Join(", ", subjects.Select(subject => subject.Key))}.");
        }
        catch (FormatException error)
        {
            throw new UnreadableEventException(error.Message, error);
        }
    }

    private static Revocation ReadRevocation(JsonElement revoke)
    {
        if (revoke.ValueKind != JsonValueKind.Object)
        {
            throw new UnreadableEventException($"'revoke' is no object. {Forms}");
        }

        Demand(revoke, "version", "since", "reason");
        return new Revocation(Text(revoke, "version"), Text(revoke, "since"), Text(revoke, "reason"));
    }

    private static void Demand(JsonElement json, params string[] fields)
    {
        if (json.EnumerateObject().FirstOrDefault(property => !fields.Contains(property.Name)) is { Value.ValueKind: not JsonValueKind.Undefined } unknown)
        {
            throw new UnreadableEventException($"The field '{unknown.Name}' is not known. {Forms}");
        }
    }

    private static bool Flag(JsonElement value) => value.ValueKind is JsonValueKind.True or JsonValueKind.False
        ? value.GetBoolean()
        : throw new UnreadableEventException($"'renew' is neither true nor false. {Forms}");

    private static string Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) switch
    {
        true when value.ValueKind == JsonValueKind.String => value.GetString()!,
        true when value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) => number.ToString(CultureInfo.InvariantCulture),
        _ => throw new UnreadableEventException($"'revoke' has no '{name}'. {Forms}"),
    };
}
