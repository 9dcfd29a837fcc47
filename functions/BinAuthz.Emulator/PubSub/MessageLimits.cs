using BinAuthz.Emulator.Hosting;
using Google.Cloud.PubSub.V1;

namespace BinAuthz.Emulator.PubSub;

/// <summary>What Pub/Sub accepts in one publish request.</summary>
internal static class MessageLimits
{
    private const int MaxMessages = 1000;
    private const int MaxBytes = 10_000_000;
    private const int MaxAttributes = 100;
    private const int MaxKeyBytes = 256;
    private const int MaxValueBytes = 1024;

    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT, with the limit.</exception>
    public static void Check(PublishRequest request)
    {
        if (request.Messages.Count is 0 or > MaxMessages)
        {
            throw Errors.Invalid($"The value for message_count is {request.Messages.Count}; a publish request has 1 to {MaxMessages} messages.");
        }

        if (request.CalculateSize() > MaxBytes)
        {
            throw Errors.Invalid($"The value for request_size is too large: a publish request has at most {MaxBytes} bytes.");
        }

        foreach (var message in request.Messages)
        {
            Check(message);
        }
    }

    private static void Check(PubsubMessage message)
    {
        if (message.Data.IsEmpty && message.Attributes.Count == 0)
        {
            throw Errors.Invalid("One or more messages in the publish request is empty. Each message must contain either non-empty data, or at least one attribute.");
        }

        if (message.Attributes.Count > MaxAttributes)
        {
            throw Errors.Invalid($"A message has {message.Attributes.Count} attributes; at most {MaxAttributes} are allowed.");
        }

        if (System.Text.Encoding.UTF8.GetByteCount(message.OrderingKey) > MaxValueBytes)
        {
            throw Errors.Invalid($"An ordering key has at most {MaxValueBytes} bytes.");
        }

        foreach (var (key, value) in message.Attributes)
        {
            CheckAttribute(key, value);
        }
    }

    private static void CheckAttribute(string key, string value)
    {
        if (key.Length == 0 || key.StartsWith("goog", StringComparison.OrdinalIgnoreCase) || System.Text.Encoding.UTF8.GetByteCount(key) > MaxKeyBytes)
        {
            throw Errors.Invalid($"The attribute key \"{key}\" is not valid: a key has 1 to {MaxKeyBytes} bytes and does not begin with goog.");
        }

        if (System.Text.Encoding.UTF8.GetByteCount(value) > MaxValueBytes)
        {
            throw Errors.Invalid($"The value of the attribute \"{key}\" has more than {MaxValueBytes} bytes.");
        }
    }
}
