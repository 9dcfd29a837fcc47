using BinAuthz.Auditing.Rules;

namespace BinAuthz.Auditing.Scanning;

/// <summary>
/// What the attestations of an attestor's note are, as far as they were read. Its size depends on the images that are looked for, not
/// on the attestations. Tallies of parts of a note add up to the same, in whatever order.
/// </summary>
internal sealed class ScanTally
{
    private readonly Dictionary<string, RuleTally> rules;
    private readonly ulong[] attested;
    private readonly ulong[] duplicated;

    /// <param name="images">How many images are looked for.</param>
    /// <param name="limit">How many findings of a rule are named at most.</param>
    public ScanTally(int images, int limit)
    {
        (attested, duplicated) = (new ulong[images], new ulong[images]);
        rules = AttestationRules.OfOne.ToDictionary(each => each.Rule.Id, _ => new RuleTally(limit), StringComparer.Ordinal);
    }

    /// <summary>How many attestations were read.</summary>
    public long Total { get; private set; }

    /// <summary>How many of them count for the image they are stored for.</summary>
    public long Valid { get; private set; }

    /// <summary>For each image, by its place, the marks of the keys that attest it.</summary>
    public IReadOnlyList<ulong> Attested => attested;

    /// <summary>For each image, by its place, the marks of the keys that attest it more than once.</summary>
    public IReadOnlyList<ulong> Duplicated => duplicated;

    /// <summary>What each rule about one attestation found, by its id.</summary>
    public IReadOnlyDictionary<string, RuleTally> Rules => rules;

    /// <summary>Takes one attestation.</summary>
    /// <param name="inspected">What was found out about it.</param>
    /// <param name="place">Of its image; -1: it has none.</param>
    /// <param name="marks">Of the keys that attest it.</param>
    public void Add(InspectedAttestation inspected, int place, ulong marks)
    {
        Total++;
        if (inspected.IsValid)
        {
            Valid++;
            Mark(place, marks, 0);
        }

        foreach (var (rule, judge) in AttestationRules.OfOne)
        {
            if (judge(inspected) is { } detail)
            {
                rules[rule.Id].Add(inspected.Attestation.Name, () => AttestationRules.Finding(rule, inspected, detail));
            }
        }
    }

    /// <summary>Takes what another part of the note has.</summary>
    /// <param name="total">How many attestations.</param>
    /// <param name="valid">How many of them count.</param>
    public void Add(long total, long valid) => (Total, Valid) = (Total + total, Valid + valid);

    /// <summary>Takes the marks of an image in another part of the note.</summary>
    public void Mark(int place, ulong marks, ulong more)
    {
        if (place < 0)
        {
            return;
        }

        duplicated[place] |= more | (attested[place] & marks & ~AuditKeys.SharedMark);
        attested[place] |= marks;
    }

    /// <summary>Takes the tally of another part of the note.</summary>
    public void Add(ScanTally other)
    {
        Add(other.Total, other.Valid);
        for (var place = 0; place < attested.Length; place++)
        {
            Mark(place, other.attested[place], other.duplicated[place]);
        }

        foreach (var (id, found) in other.rules)
        {
            rules[id].Add(found.Count, found.Named);
        }
    }
}
