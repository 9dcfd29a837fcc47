using System.Text.Json.Nodes;

namespace BinAuthz.Emulator.Cluster;

/// <summary>One change in a cluster.</summary>
/// <param name="Revision">The resource version that the change made.</param>
/// <param name="Kind">The kind of the object.</param>
/// <param name="Before">As it was; null for a new one.</param>
/// <param name="After">As it is; null for one that was deleted.</param>
internal sealed record ObjectChange(long Revision, KubernetesKind Kind, JsonObject? Before, JsonObject? After);
