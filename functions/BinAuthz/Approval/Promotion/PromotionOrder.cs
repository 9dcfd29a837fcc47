using BinAuthz.Attestations;
using BinAuthz.Yaml;

namespace BinAuthz.Approval.Promotion;

/// <summary>Refuses attestors of one file that wait for themselves, directly or through each other: none of them would ever sign.</summary>
internal sealed class PromotionOrder
{
    private readonly IReadOnlyList<AttestorPolicy> policies;
    private readonly Dictionary<AttestorName, int> places = [];

    private PromotionOrder(IReadOnlyList<AttestorPolicy> policies)
    {
        this.policies = policies;
        for (var place = 0; place < policies.Count; place++)
        {
            places.TryAdd(policies[place].Attestor, place);
        }
    }

    /// <summary>Reports every circle once, where it closes.</summary>
    public static void Check(IReadOnlyList<AttestorPolicy> policies, YamlReader reader)
    {
        var order = new PromotionOrder(policies);
        foreach (var policy in policies)
        {
            foreach (var required in RequiredBy(policy).DistinctBy(required => (required.Line, required.Column)))
            {
                order.Check(policy.Attestor, required, reader);
            }
        }
    }

    private void Check(AttestorName waiting, RequiredAttestation required, YamlReader reader)
    {
        // Going through a circle in the file's order, one step at least does not lead on.
        if (!places.TryGetValue(required.Attestor, out var place) || place > places[waiting] || Chain(required.Attestor, waiting, []) is not { } chain)
        {
            return;
        }

        reader.Error(
            required.Line,
            required.Column,
            required.Attestor == waiting ? $"{waiting} waits for its own attestation here." : $"{waiting} waits for {string.Join(", which waits for ", chain)}.",
            $"Remove one of these requirements, or require the attestor of an earlier environment, such as projects/acme-staging/attestors/staging-attestor.");
    }

    // From an attestor to the one that it waits for in the end; null: it does not.
    private IReadOnlyList<AttestorName>? Chain(AttestorName from, AttestorName to, HashSet<AttestorName> seen)
    {
        if (from == to)
        {
            return [from];
        }

        if (!seen.Add(from) || !places.TryGetValue(from, out var place))
        {
            return null;
        }

        return RequiredBy(policies[place])
            .Select(required => Chain(required.Attestor, to, seen))
            .FirstOrDefault(chain => chain is not null) is { } rest ? [from, .. rest] : null;
    }

    private static IEnumerable<RequiredAttestation> RequiredBy(AttestorPolicy policy) =>
        policy.AllRules.OfType<RequiredAttestationsRule>().SelectMany(rule => rule.Required);
}
