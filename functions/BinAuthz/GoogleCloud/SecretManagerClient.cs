using System.Globalization;
using System.Text.Json.Nodes;
using BinAuthz.Keys;

namespace BinAuthz.GoogleCloud;

/// <summary>Secret Manager, by its REST API.</summary>
internal sealed class SecretManagerClient(GoogleHttp http)
{
    private const string Host = "secretmanager.googleapis.com";
    private const string Method = "AccessSecretVersion";
    private const int Attempts = 3;

    // A payload has at most 64 KiB (docs: secret-manager/quotas), in base64.
    private const int Largest = 128 * 1024;

    /// <summary>The bytes of a version.</summary>
    /// <exception cref="GoogleCallException">NOT_FOUND: there is no such version; FAILED_PRECONDITION: it is disabled or destroyed.</exception>
    /// <exception cref="CorruptedInTransitException">Three answers did not have the CRC32C that they name.</exception>
    public async Task<byte[]> AccessAsync(SecretVersionName version, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var call = new HttpCall(Method, version.ToString(), Host, HttpMethod.Get, $"v1/{version}:access");
            var answer = await http.ReadWholeAsync(call, Largest, cancellationToken).ConfigureAwait(false);
            if (Payload(answer) is { } data)
            {
                return data;
            }
        }

        throw new CorruptedInTransitException($"{Method} for {version} was answered three times with a payload that cannot be read or does not have the CRC32C that comes with it. Nothing of it was used; look for a proxy that changes answers.");
    }

    // Both fields stand in JSON as text: bytes in base64, an int64 in digits.
    private static byte[]? Payload(byte[] answer)
    {
        try
        {
            var payload = JsonNode.Parse(answer)?["payload"];
            var data = Convert.FromBase64String((string?)payload?["data"] ?? "");
            var checksum = (string?)payload?["dataCrc32c"];
            return payload is null || (checksum is not null && checksum != Crc32C.Of(data).ToString(CultureInfo.InvariantCulture)) ? null : data;
        }
        catch (Exception error) when (error is System.Text.Json.JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }
}
