namespace BinAuthz;

/// <summary>To which environment a name belongs: setup and terraform let the names of what an environment has begin with its own.</summary>
internal static class EnvironmentIsolation
{
    private static readonly string[] Environments = ["production", "staging", "development"];

    /// <summary>The environment that owns an attestor, a key ring or a note of this id; null: the id tells of none.</summary>
    public static string? Owner(string id) => Environments.FirstOrDefault(environment => id.StartsWith($"{environment}-", StringComparison.Ordinal));
}
