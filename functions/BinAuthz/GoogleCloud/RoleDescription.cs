namespace BinAuthz.GoogleCloud;

/// <summary>A custom role.</summary>
/// <param name="Title">For people.</param>
/// <param name="Description">For people.</param>
/// <param name="Permissions">All that it holds.</param>
internal sealed record RoleDescription(string Title, string Description, IReadOnlySet<string> Permissions)
{
    /// <summary>Whether it is deleted: its bindings grant nothing then.</summary>
    public bool IsDeleted { get; init; }
}
