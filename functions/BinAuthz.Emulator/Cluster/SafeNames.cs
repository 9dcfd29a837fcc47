using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace BinAuthz.Emulator.Cluster;

/// <summary>The ends of names that the control plane makes: letters and digits that form no words.</summary>
internal static class SafeNames
{
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    public static string Random(int length) => RandomNumberGenerator.GetString(Alphabet, length);

    /// <summary>The same for the same content.</summary>
    public static string Hash(JsonNode content) => string.Concat(SHA256.HashData(Encoding.UTF8.GetBytes(content.ToJsonString())).Take(10).Select(value => Alphabet[value % Alphabet.Length]));
}
