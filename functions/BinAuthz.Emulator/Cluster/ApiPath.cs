namespace BinAuthz.Emulator.Cluster;

/// <summary>The path of an object or of a collection.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Scope">The namespace; empty for kinds without, and for collections over all namespaces.</param>
/// <param name="Name">Empty for a collection.</param>
/// <param name="Subresource">Such as <c>scale</c>; empty for the object itself.</param>
internal sealed record ApiPath(KubernetesKind Kind, string Scope, string Name, string Subresource)
{
    /// <summary>Reads what follows the cluster in a URL; null when it is no such path.</summary>
    public static ApiPath? Of(ReadOnlySpan<string> path) => path switch
    {
        ["api", "v1", .. var rest] => OfGroup("", rest),
        ["apis", var group, "v1", .. var rest] when group.Length > 0 => OfGroup(group, rest),
        _ => null,
    };

    private static ApiPath? OfGroup(string group, ReadOnlySpan<string> path)
    {
        // A third segment is a namespace's collection, unless no kind has that name: then it is a subresource.
        if (path is ["namespaces", var scope, var collection, .. var rest] && KubernetesKinds.Find(group, collection) is { Namespaced: true } inside)
        {
            return rest switch
            {
                [] => new ApiPath(inside, scope, "", ""),
                [var name] => new ApiPath(inside, scope, name, ""),
                [var name, var subresource] => new ApiPath(inside, scope, name, subresource),
                _ => null,
            };
        }

        return path switch
        {
            [var plural] when KubernetesKinds.Find(group, plural) is { } kind => new ApiPath(kind, "", "", ""),
            [var plural, var name] when KubernetesKinds.Find(group, plural) is { Namespaced: false } kind => new ApiPath(kind, "", name, ""),
            [var plural, var name, var subresource] when KubernetesKinds.Find(group, plural) is { Namespaced: false } kind => new ApiPath(kind, "", name, subresource),
            _ => null,
        };
    }
}
