namespace BinAuthz.Approval.Provenance;

/// <summary>Weighs one envelope for one image: the signature first, then what the signed bytes say.</summary>
internal sealed class ProvenanceCheck(ProvenanceRequirements requirements, ImageFacts facts)
{
    private static readonly string[] StatementTypes = ["https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1"];

    private readonly EnvelopeCheck envelopes = new(requirements, facts);

    /// <summary>Null when the envelope is provenance that the policy demands.</summary>
    public ProvenanceFault? Weigh(ProvenanceEnvelope envelope)
    {
        if (envelopes.Weigh(envelope) is { } fault)
        {
            return fault;
        }

        return SlsaStatement.TryParse(envelope.Payload, out var statement, out var error)
            ? WeighType(statement) ?? WeighSubject(statement) ?? WeighBuilder(statement.Build) ?? WeighOrigin(statement.Build)
            : new("statement-unreadable", $"the signed payload is not JSON: {error}", "Let the builder write an in-toto statement.");
    }

    private ProvenanceFault? WeighType(SlsaStatement statement) =>
        StatementTypes.Contains(statement.StatementType) && Listed(requirements.Predicates, statement.PredicateType)
            ? null
            : new(
                "predicate-type",
                $"it is a '{statement.StatementType}' with predicate '{statement.PredicateType}', not an in-toto statement with {Or(requirements.Predicates)}",
                "Use a builder that writes SLSA v1 provenance, or list the build type of its SLSA v0.1 provenance under rules.provenance.buildTypes.");

    private ProvenanceFault? WeighSubject(SlsaStatement statement)
    {
        if (statement.SubjectDigests.Count == 0)
        {
            return new("subject-empty", "it names no subject with a sha256 digest", "Let the builder name the image that it built.");
        }

        var hex = facts.Image.Digest.Hex;
        return statement.SubjectDigests.Contains(hex, StringComparer.Ordinal)
            ? null
            : new("subject-digest", $"its subjects are {List(statement.SubjectDigests)}, not {hex}", "Push the image that the builder built, by its own push.");
    }

    private ProvenanceFault? WeighBuilder(BuildClaims build)
    {
        if (!Listed(requirements.Builders, build.BuilderId))
        {
            return new("builder-not-trusted", $"the builder is '{build.BuilderId}', not {Or(requirements.Builders)}", "Build with a builder listed under rules.provenance.builders.");
        }

        return Listed(requirements.BuildTypes, build.BuildType)
            ? null
            : new("build-type", $"the build type is '{build.BuildType}', not {Or(requirements.BuildTypes)}", "Use a build type listed under rules.provenance.buildTypes.");
    }

    // Everything that the build names must be allowed: a trusted configuration may build other sources.
    private ProvenanceFault? WeighOrigin(BuildClaims build)
    {
        if (!All(build.Sources, source => requirements.Sources.Any(pattern => pattern.Matches(source))))
        {
            return new("source-not-allowed", $"the source is {List(build.Sources)}, not {Or(requirements.Sources)}", "Build from a repository listed under rules.provenance.sources.");
        }

        if (requirements.Refs.Count > 0 && !All(build.Refs, name => requirements.Refs.Any(pattern => pattern.Matches(name))))
        {
            return new("ref-not-allowed", $"the branch or tag is {List(build.Refs)}, not {Or(requirements.Refs)}", "Build from a branch or tag listed under rules.provenance.refs.");
        }

        return requirements.Triggers.Count == 0 || Listed(requirements.Triggers, build.Trigger)
            ? null
            : new("trigger-not-allowed", $"the build trigger is '{build.Trigger}', not {Or(requirements.Triggers)}", "Build by a trigger listed under rules.provenance.triggers.");
    }

    private static bool All(IReadOnlyList<string> named, Func<string, bool> allowed) => named.Count > 0 && named.All(allowed);

    private static bool Listed(IReadOnlyList<string> allowed, string? value) =>
        !string.IsNullOrEmpty(value) && allowed.Contains(value, StringComparer.Ordinal);

    private static string Or<T>(IReadOnlyList<T> allowed) => string.Join(" or ", allowed);

    private static string List(IReadOnlyList<string> values) => values.Count == 0 ? "not named" : string.Join(", ", values.Select(value => $"'{value}'"));
}
