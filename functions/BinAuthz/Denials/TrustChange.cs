namespace BinAuthz.Denials;

/// <summary>A change of what is trusted.</summary>
/// <param name="Kind">What was changed.</param>
/// <param name="Resource">Its name, such as <c>projects/P/attestors/A</c>.</param>
/// <param name="Method">The short name of the API's method, such as <c>UpdateAttestor</c>.</param>
internal sealed record TrustChange(TrustChangeKind Kind, string Resource, string Method)
{
    /// <summary>What follows for images, as whoever made the change wrote; empty when nobody did.</summary>
    public string Consequence { get; init; } = "";
}
