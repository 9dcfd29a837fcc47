namespace BinAuthz.Policies;

/// <summary>What an environment does with images that are not attested.</summary>
internal enum EnvironmentStance
{
    /// <summary>They run: development.</summary>
    Open,

    /// <summary>They run, and the audit log says that they would be blocked: staging.</summary>
    DryRun,

    /// <summary>They are blocked: production.</summary>
    Enforced,
}
