namespace BinAuthz.Cli.Oci;

/// <summary>What a made image says of itself.</summary>
internal sealed record ImageTraits
{
    /// <summary>The user it runs as; null: it names none.</summary>
    public string? User { get; init; }

    /// <summary>Its labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>When it says it was built; null: it does not say.</summary>
    public DateTimeOffset? Created { get; init; } = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
}
