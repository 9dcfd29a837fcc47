using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace BinAuthz.Emulator.Hosting;

/// <summary>Updates with field masks.</summary>
internal static class Masks
{
    private static readonly FieldMask.MergeOptions Replace = new() { ReplaceMessageFields = true, ReplaceRepeatedFields = true, ReplacePrimitiveFields = true };

    /// <summary>What <paramref name="current"/> becomes when the fields in the mask are taken from <paramref name="sent"/>; without a mask, all of them.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT: the mask names a field that does not exist.</exception>
    public static T Apply<T>(T current, T sent, FieldMask? mask)
        where T : class, IMessage<T>, IDeepCloneable<T>, new()
    {
        if (mask is null || mask.Paths.Count == 0)
        {
            return sent.Clone();
        }

        if (mask.Paths.FirstOrDefault(path => !FieldMask.IsValid<T>(path)) is { } wrong)
        {
            throw Errors.Invalid($"update_mask names \"{wrong}\", which is not a field of {current.Descriptor.FullName}.");
        }

        var changed = current.Clone();
        mask.Merge(sent, changed, Replace);
        return changed;
    }
}
