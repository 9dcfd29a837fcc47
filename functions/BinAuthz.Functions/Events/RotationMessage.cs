using System.Text.Json;
using BinAuthz.Attestations;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Keys;
using BinAuthz.Signing;

namespace BinAuthz.Functions.Events;

/// <summary>
/// What a key rotation asks of the signer: <c>{"resign":{"attestor":…,"key":…,"images":[…]}}</c> <c>{"weigh":{"images":[…]}}</c> or
/// <c>{"withdraw":{"attestor":…,"key":…,"images":[…]}}</c>. Whoever may publish it can have nothing signed but what has a valid attestation, or
/// what approval lets pass, and nothing deleted but what was signed anew when the attestor has lost trust in the version that it names.
/// </summary>
internal static class RotationMessage
{
    /// <summary>Reads a message.</summary>
    /// <returns>Null: it has neither field.</returns>
    /// <exception cref="UnreadableEventException">It has one of them, and something in it cannot be read; the message says what.</exception>
    public static ImageNotification? Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        return root.TryGetProperty("resign", out var resign) ? new ImageNotification.Resign(ReadResign(resign))
            : root.TryGetProperty("withdraw", out var withdraw) ? new ImageNotification.Withdraw(ReadWithdraw(withdraw))
            : root.TryGetProperty("weigh", out var weigh) ? new ImageNotification.Weigh(new WeighRequest(Images(weigh, "weigh", "images")))
            : null;
    }

    private static ResignRequest ReadResign(JsonElement json)
    {
        var (attestor, key, images) = ReadVersion(json, "resign");
        return new ResignRequest(attestor, key, images);
    }

    private static WithdrawRequest ReadWithdraw(JsonElement json)
    {
        var (attestor, key, images) = ReadVersion(json, "withdraw");
        return new WithdrawRequest(attestor, key, images);
    }

    private static (AttestorName Attestor, KeyVersionName Key, IReadOnlyList<ImageReference> Images) ReadVersion(JsonElement json, string request)
    {
        var images = Images(json, request, "attestor", "key", "images");
        return (
            AttestorName.TryParse(Text(json, request, "attestor"), out var attestor) ? attestor : throw Unreadable($"{request}.attestor", "projects/PROJECT/attestors/ID is expected"),
            KeyVersionName.TryParse(Text(json, request, "key"), out var key) ? key : throw Unreadable($"{request}.key", "projects/P/locations/L/keyRings/R/cryptoKeys/K/cryptoKeyVersions/N is expected"),
            images);
    }

    private static IReadOnlyList<ImageReference> Images(JsonElement json, string request, params IReadOnlyList<string> fields)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw Unreadable(request, "an object is expected");
        }

        if (json.EnumerateObject().FirstOrDefault(field => !fields.Contains(field.Name)) is { Value.ValueKind: not JsonValueKind.Undefined } unknown)
        {
            throw Unreadable($"{request}.{unknown.Name}", $"only {string.Join(", ", fields)} are known");
        }

        if (!json.TryGetProperty("images", out var images) || images.ValueKind != JsonValueKind.Array || images.GetArrayLength() is 0 or > ContainerAnalysisClient.LargestBatch)
        {
            throw Unreadable($"{request}.images", $"a list of 1 to {ContainerAnalysisClient.LargestBatch} images is expected");
        }

        return [.. images.EnumerateArray().Select((image, index) => image.ValueKind == JsonValueKind.String && ImageReference.TryParse(image.GetString(), out var parsed)
            ? parsed
            : throw Unreadable($"{request}.images[{index}]", "a registry, a repository and @sha256: with 64 lower-case hexadecimal digits are expected"))];
    }

    private static string? Text(JsonElement json, string request, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : throw Unreadable($"{request}.{name}", "a text is expected");

    private static UnreadableEventException Unreadable(string field, string expected) => new($"The field '{field}' cannot be read: {expected}.");
}
