using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using BinAuthz.Emulator.Hosting;
using Grpc.Core;

namespace BinAuthz.Emulator.PubSub;

/// <summary>Names one attempt at one message of one subscription.</summary>
internal sealed class AckIds(string subscription)
{
    private readonly string prefix = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(subscription)).AsSpan(0, 6)) + "-";

    public string Of(Delivery delivery) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{delivery.Id}-{delivery.Attempts}");

    /// <summary>The message id and the attempt.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT: not an id of this subscription.</exception>
    public (long Id, int Attempt) Parse(string ackId)
    {
        var parts = ackId.StartsWith(prefix, StringComparison.Ordinal) ? ackId[prefix.Length..].Split('-') : [];
        return parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var attempt)
            ? (id, attempt)
            : throw Errors.Invalid($"You have passed an invalid ack ID to the service (ack_id={ackId}).");
    }

    /// <summary>What exactly-once delivery answers to an id that no longer counts.</summary>
    public static RpcException Expired() => Errors.Precondition("Some acknowledgement ids in the request were invalid. This could be because the acknowledgement ids have expired or the acknowledgement ids were malformed.");
}
