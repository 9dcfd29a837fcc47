using System.Security.Cryptography;
using Google.Protobuf;

namespace BinAuthz.Emulator.State;

/// <summary>Entity tags: the same content has the same tag.</summary>
internal static class Etags
{
    public static ByteString Of(IMessage message) => ByteString.CopyFrom(SHA256.HashData(message.ToByteArray()).AsSpan(0, 12));

    /// <summary>The tag as text, for APIs whose etag is a string.</summary>
    public static string Text(IMessage message) => "\"" + Of(message).ToBase64() + "\"";
}
