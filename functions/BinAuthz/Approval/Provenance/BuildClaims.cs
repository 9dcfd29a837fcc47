namespace BinAuthz.Approval.Provenance;

/// <summary>What a signed statement says about the build, whatever its shape.</summary>
/// <param name="BuilderId">Who built.</param>
/// <param name="BuildType">How; <c>recipe.type</c> in SLSA v0.1.</param>
/// <param name="Sources">Every repository that the build names, without <c>git+</c>; a place that names none in text is an empty source.</param>
/// <param name="Refs">Every branch, tag or commit that the build names; a place that names none in text is an empty ref.</param>
/// <param name="Trigger">What started it, as the builder states it.</param>
internal sealed record BuildClaims(string? BuilderId, string? BuildType, IReadOnlyList<string> Sources, IReadOnlyList<string> Refs, string? Trigger);
