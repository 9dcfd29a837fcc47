using BinAuthz.Keys;

namespace BinAuthz.Approval.Provenance;

/// <summary>Weighs one envelope for one image: the signature first, then what the signed bytes say.</summary>
internal sealed class ProvenanceCheck(ProvenanceRequirements requirements, ImageFacts facts)
{
    private const string InTotoPayloadType = "application/vnd.in-toto+json";
    private const string SlsaV1 = "https://slsa.dev/provenance/v1";

    private static readonly string[] StatementTypes = ["https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1"];

    /// <summary>Null when the envelope is provenance that the policy demands.</summary>
    public ProvenanceFault? Weigh(ProvenanceEnvelope envelope)
    {
        if (!string.Equals(envelope.PayloadType, InTotoPayloadType, StringComparison.Ordinal))
        {
            return new("payload-type", $"the payload type is '{envelope.PayloadType}', not {InTotoPayloadType}", "Store in-toto provenance in a DSSE envelope.");
        }

        if (WeighSignatures(envelope) is { } fault)
        {
            return fault;
        }

        return SlsaStatement.TryParse(envelope.Payload, out var statement, out var error)
            ? WeighStatement(statement)
            : new("statement-unreadable", $"the signed payload is not JSON: {error}", "Let the builder write an in-toto statement.");
    }

    private ProvenanceFault? WeighSignatures(ProvenanceEnvelope envelope)
    {
        if (envelope.Signatures.Count == 0)
        {
            return new("provenance-unsigned", "the envelope carries no signature", "Use a builder that signs its provenance.");
        }

        var covered = DssePreAuthEncoding.Encode(envelope.PayloadType, envelope.Payload.Span);
        ProvenanceFault? worst = null;
        foreach (var signature in envelope.Signatures)
        {
            if (WeighSignature(signature, covered) is not { } fault)
            {
                return null;
            }

            // A trusted key that did not sign tells more than an unknown key.
            worst = worst is null || fault.Code != "provenance-key-unknown" ? fault : worst;
        }

        return worst;
    }

    private ProvenanceFault? WeighSignature(DsseSignature signature, byte[] covered)
    {
        if (requirements.Keys.FirstOrDefault(key => string.Equals(key.Id, signature.KeyId, StringComparison.Ordinal)) is not { } trusted)
        {
            return new(
                "provenance-key-unknown",
                $"it is signed by '{signature.KeyId}', and the policy trusts {string.Join(", ", requirements.Keys.Select(key => $"'{key.Id}'"))}",
                "Build with a builder whose key is listed under rules.provenance.keys.");
        }

        if (PublicKeyOf(trusted) is not { } publicKey)
        {
            return new("provenance-key-unavailable", $"the public key of {trusted.Id} could not be read", "Let the signer's service account read that public key (cloudkms.cryptoKeyVersions.viewPublicKey).");
        }

        return publicKey.Verify(covered, signature.Value.Span)
            ? null
            : new("provenance-signature", $"the signature by {trusted.Id} does not verify over the stored envelope", "Build the image again: this provenance was not written by the builder, or was changed.");
    }

    private PublicKey? PublicKeyOf(ProvenanceKey key) =>
        key is ProvenanceKey.Pinned pinned ? pinned.Key : facts.ProvenanceKeys.GetValueOrDefault(key.Id);

    private ProvenanceFault? WeighStatement(SlsaStatement statement)
    {
        if (!StatementTypes.Contains(statement.StatementType) || statement.PredicateType != SlsaV1)
        {
            return new(
                "predicate-type",
                $"it is a '{statement.StatementType}' with predicate '{statement.PredicateType}', not an in-toto statement with {SlsaV1}",
                "Use a builder that writes SLSA v1 provenance.");
        }

        var hex = facts.Image.Digest.Hex;
        if (!statement.SubjectDigests.Contains(hex, StringComparer.Ordinal))
        {
            return new(
                "subject-digest",
                $"its subjects are {List(statement.SubjectDigests)}, not {hex}",
                "Push the image that the builder built, by its own push.");
        }

        return WeighBuild(statement);
    }

    private ProvenanceFault? WeighBuild(SlsaStatement statement)
    {
        if (!Listed(requirements.Builders, statement.BuilderId))
        {
            return new("builder-not-trusted", $"the builder is '{statement.BuilderId}', not {string.Join(" or ", requirements.Builders)}", "Build with a builder listed under rules.provenance.builders.");
        }

        if (!Listed(requirements.BuildTypes, statement.BuildType))
        {
            return new("build-type", $"the build type is '{statement.BuildType}', not {string.Join(" or ", requirements.BuildTypes)}", "Use a build type listed under rules.provenance.buildTypes.");
        }

        // Every repository that the build names must be allowed: a trusted configuration may build other sources.
        return statement.Sources.Count > 0 && statement.Sources.All(source => requirements.Sources.Any(pattern => pattern.Matches(source)))
            ? null
            : new("source-not-allowed", $"the source is {List(statement.Sources)}, not {string.Join(" or ", requirements.Sources)}", "Build from a repository listed under rules.provenance.sources.");
    }

    private static bool Listed(IReadOnlyList<string> allowed, string? value) =>
        !string.IsNullOrEmpty(value) && allowed.Contains(value, StringComparer.Ordinal);

    private static string List(IReadOnlyList<string> values) => values.Count == 0 ? "not named" : string.Join(", ", values.Select(value => $"'{value}'"));
}
