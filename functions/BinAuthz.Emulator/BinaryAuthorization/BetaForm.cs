using Google.Protobuf;

namespace BinAuthz.Emulator.BinaryAuthorization;

/// <summary>v1beta1 differs from v1 in names alone: the numbers on the wire are the same, so messages are carried over as bytes.</summary>
internal static class BetaForm
{
    public static T As<T>(this IMessage? message, MessageParser<T> parser)
        where T : class, IMessage<T> =>
        parser.ParseFrom(message?.ToByteArray() ?? []);
}
