using BinAuthz.Approval.Pushes;
using BinAuthz.Images;

namespace BinAuthz.Functions.Events;

/// <summary>The image that a notification asks to look at.</summary>
/// <param name="Image">Null: there is nothing to look at.</param>
/// <param name="Pushes">The pushes that the notification itself tells of.</param>
/// <param name="Reason">Why there is nothing to look at; empty otherwise.</param>
internal sealed record NotifiedImage(ImageReference? Image, IReadOnlyList<PushRecord> Pushes, string Reason)
{
    /// <summary>Whether indexes may have waited for this.</summary>
    public bool MayBePlatform { get; private init; }

    public static NotifiedImage Of(ImageReference image, params IReadOnlyList<PushRecord> pushes) => new(image, pushes, "");

    /// <summary>The manifest of a scan, which may be a platform of an index.</summary>
    public static NotifiedImage OfScan(ImageReference image) => Of(image) with { MayBePlatform = true };

    public static NotifiedImage None(string reason) => new(null, [], reason);
}
