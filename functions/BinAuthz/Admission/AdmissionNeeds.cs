using BinAuthz.Attestations;
using BinAuthz.Images;

namespace BinAuthz.Admission;

/// <summary>What has to be known to evaluate workloads: of each attestor, the attestations of these digests. Nothing is named twice.</summary>
/// <param name="Digests">The digests, by attestor.</param>
internal sealed record AdmissionNeeds(IReadOnlyDictionary<AttestorName, IReadOnlySet<ImageDigest>> Digests)
{
    /// <summary>Collects the images that come as far as a rule that requires attestations, and are named by digest.</summary>
    public static AdmissionNeeds Of(AdmissionPolicy policy, IReadOnlyList<ImagePattern> systemPatterns, IEnumerable<Workload> workloads, string? cluster)
    {
        var needs = new Dictionary<AttestorName, HashSet<ImageDigest>>();
        foreach (var workload in workloads)
        {
            AttestorName[] attestors = [.. policy.RulesFor(workload, cluster).SelectMany(rule => rule.Attestors)];
            foreach (var image in workload.Containers.Select(container => container.Image))
            {
                if (attestors.Length == 0 || ImageText.Digest(image) is not { } digest || Exemption.Find(policy, systemPatterns, image) is not null)
                {
                    continue;
                }

                foreach (var attestor in attestors)
                {
                    (needs.TryGetValue(attestor, out var digests) ? digests : needs[attestor] = []).Add(digest);
                }
            }
        }

        return new AdmissionNeeds(needs.ToDictionary(need => need.Key, IReadOnlySet<ImageDigest> (need) => need.Value));
    }
}
