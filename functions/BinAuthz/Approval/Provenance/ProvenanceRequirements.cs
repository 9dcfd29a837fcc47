namespace BinAuthz.Approval.Provenance;

/// <summary>What <c>rules.provenance</c> of a policy demands.</summary>
internal sealed record ProvenanceRequirements(
    IReadOnlyList<string> Builders, IReadOnlyList<string> BuildTypes, IReadOnlyList<SourcePattern> Sources, IReadOnlyList<ProvenanceKey> Keys)
{
    /// <summary>The build type of Cloud Build, demanded unless the policy lists others.</summary>
    public const string CloudBuildType = "https://cloud.google.com/build/gcb-buildtypes/google-worker/v1";

    /// <summary>The branches and tags that may be built; empty: any.</summary>
    public IReadOnlyList<RefPattern> Refs { get; init; } = [];

    /// <summary>The triggers that may build, as the builder states them; empty: any, and builds without a trigger.</summary>
    public IReadOnlyList<string> Triggers { get; init; } = [];

    /// <summary>The predicates that the build types belong to: SLSA v0.1 counts only where the policy names a recipe type.</summary>
    public IReadOnlyList<string> Predicates =>
        [.. BuildTypes.Select(type => SlsaV01Build.IsRecipeType(type) ? SlsaV01Build.PredicateType : SlsaV1Build.PredicateType).Distinct()];
}
