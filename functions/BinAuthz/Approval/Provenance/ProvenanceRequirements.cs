namespace BinAuthz.Approval.Provenance;

/// <summary>What <c>rules.provenance</c> of a policy demands.</summary>
internal sealed record ProvenanceRequirements(
    IReadOnlyList<string> Builders, IReadOnlyList<string> BuildTypes, IReadOnlyList<SourcePattern> Sources, IReadOnlyList<ProvenanceKey> Keys)
{
    /// <summary>The build type of Cloud Build, demanded unless the policy lists others.</summary>
    public const string CloudBuildType = "https://cloud.google.com/build/gcb-buildtypes/google-worker/v1";
}
