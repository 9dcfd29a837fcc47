using BinAuthz.Attestations;
using BinAuthz.Auditing.Facts;
using BinAuthz.Checkup;

namespace BinAuthz.Auditing.Scanning;

/// <summary>An attestor and what was counted of its attestations.</summary>
/// <param name="Audited">What was read of it before.</param>
/// <param name="Keys">What its attestations are verified with; null: it could not be read.</param>
/// <param name="Records">What the evidence bucket knows of them.</param>
/// <param name="Tally">What they are.</param>
internal sealed record ScannedAttestor(AuditedAttestor Audited, AuditKeys? Keys, ScannedRecords Records, Fact<ScanTally> Tally)
{
    /// <summary>The keys of an attestor that could be read. Without the records of their trust only those that it trusts now are known.</summary>
    public static Fact<AuditKeys> KeysOf(AuditedAttestor audited) => audited.Attestor is Fact<Attestor?>.Known { Value: { } attestor }
        ? new Fact<AuditKeys>.Known(new AuditKeys(attestor, audited.Records.Or([])))
        : new Fact<AuditKeys>.Unknown(WhyNot(audited));

    /// <summary>Why its attestations cannot be verified.</summary>
    public static Obstacle WhyNot(AuditedAttestor audited) => audited.Attestor is Fact<Attestor?>.Unknown unknown
        ? unknown.Why
        : new Obstacle($"There is no attestor {audited.Subject.Attestor}.", "Make it with `binauthz setup`, or name the one that there is.", IsTransient: false);

    /// <summary>What the rules judge.</summary>
    public AuditedAttestor ToAudited(ScannedSubjects images, int limit) => Audited with
    {
        Attestations = Tally switch
        {
            Fact<ScanTally>.Known known => new Fact<AttestationTally>.Known(TallyComposer.Compose(known.Value, Keys!, images, Records, limit)),
            Fact<ScanTally>.Unknown unknown => new Fact<AttestationTally>.Unknown(unknown.Why),
            _ => throw new InvalidOperationException($"{Tally.GetType().Name} is no fact that is known here."),
        },
    };
}
