using BinAuthz.Attestations;
using BinAuthz.Auditing.Facts;
using BinAuthz.Auditing.Scanning;
using BinAuthz.Checkup;
using BinAuthz.Keys;

namespace BinAuthz.Auditing.Rules;

/// <summary>The rules about the attestations. All but one look at one attestation that was read and verified.</summary>
internal static class AttestationRules
{
    private static readonly AuditControl[] Integrity = [AuditControl.ChangeManagement, AuditControl.HipaaIntegrity, AuditControl.SlsaVerification, AuditControl.SignedComponents, AuditControl.Integrity];
    private static readonly AuditControl[] Keys = [AuditControl.ChangeManagement, AuditControl.KeyManagement, AuditControl.SignedComponents];
    private static readonly AuditControl[] Intrusion = [AuditControl.Boundary, AuditControl.Monitoring, AuditControl.HipaaAudit, AuditControl.SignedComponents, AuditControl.Integrity];

    private static readonly AuditRule SignedByRetiredKey = Rule(
        "BA101", "Signed by a key that has lost trust", AuditSeverity.Low,
        "The attestation counts no more: a pod of its image is refused unless another one counts.",
        "Let the image be signed anew, `binauthz sign IMAGE`, or delete the attestation if nobody deploys it any more.", Keys);

    private static readonly AuditRule SignedByUnknownKey = Rule(
        "BA102", "Signed by a key that nobody knows", AuditSeverity.Medium,
        "Somebody who may attach to the note made it, with a key that the attestor never trusted.",
        "Find out in the audit log who made it (`protoPayload.methodName=\"grafeas.v1.Grafeas.CreateOccurrence\"`), delete it, and take the right to attach to the note away from whoever should not have it.", Intrusion);

    private static readonly AuditRule BadSignature = Rule(
        "BA103", "The signature is not the key's", AuditSeverity.High,
        "It names a key of the attestor that did not sign these bytes: they were altered, or somebody tries to forge an approval.",
        "Find out in the audit log who made it, delete it, and let the image be signed, `binauthz sign IMAGE`.", Intrusion);

    private static readonly AuditRule OtherDigest = Rule(
        "BA104", "The payload is about another image", AuditSeverity.High,
        "An approval of one image was stored for another one: whoever did it wanted the other one to be taken for approved.",
        "Find out in the audit log who stored it, look at both images, and delete it.", Intrusion);

    private static readonly AuditRule UnreadablePayload = Rule(
        "BA105", "The payload is no approval", AuditSeverity.Medium,
        "What was signed says of no image that it was approved; if the key is the attestor's, it signed something that the signer never makes.",
        "Find out who made it, and delete it.", Integrity);

    private static readonly AuditRule Orphan = Rule(
        "BA106", "Its image is gone", AuditSeverity.Note,
        "No repository keeps the image and no pod runs it. The attestation does no harm, and would count again if the same image came back.",
        "Nothing has to be done. `gcloud container binauthz attestations list --attestor=ATTESTOR` shows it; it may be deleted.", [AuditControl.ChangeManagement, AuditControl.SignedComponents]);

    private static readonly AuditRule Duplicate = new(
        "BA107", "Attested more than once by the same key", AuditSeverity.Low,
        "One attestation is enough. Several show that something signs past the signer, which looks first, or that deliveries run into each other.",
        "Look at the attestations' times and at who made them; all but one may be deleted.", [AuditControl.ChangeManagement, AuditControl.Monitoring, AuditControl.SignedComponents], Tally);

    private static readonly AuditRule OutsideTheSigner = Rule(
        "BA108", "Made outside the signer", AuditSeverity.High,
        "The attestation counts, and no decision record says that the approval policy was asked: somebody who may sign went past it.",
        "Find out in the audit log who signed (`protoPayload.methodName=\"AsymmetricSign\"`) and take that right away. `binauthz approval explain IMAGE` tells whether the image would be approved.", [AuditControl.LogicalAccess, .. Integrity]);

    private static readonly AuditRule SignedByRevokedKey = Rule(
        "BA109", "Made after its key was revoked", AuditSeverity.Critical,
        "It was signed when others may have had the key: it may be a forgery.",
        "Delete the attestation, look for pods of its image, and find out who made it.", [AuditControl.LogicalAccess, .. Intrusion, AuditControl.KeyManagement]);

    private static readonly AuditRule BeyondTheLimits = Rule(
        "BA110", "Not verified", AuditSeverity.Medium,
        "It is larger than any that the signer makes, or its key cannot be used here, so it is not known whether it counts. Who may attach to a note could make an audit endless otherwise.",
        "Look at it with `gcloud container binauthz attestations list --attestor=ATTESTOR`, find out who made it, and delete it.", Intrusion);

    public static IReadOnlyList<AuditRule> All { get; } =
        [SignedByRetiredKey, SignedByUnknownKey, BadSignature, OtherDigest, UnreadablePayload, Orphan, Duplicate, OutsideTheSigner, SignedByRevokedKey, BeyondTheLimits];

    /// <summary>The rules that look at one attestation: what is wrong with it, or null.</summary>
    public static IReadOnlyList<(AuditRule Rule, Func<InspectedAttestation, string?> Judge)> OfOne { get; } =
    [
        (SignedByRetiredKey, JudgeRetiredKey),
        (SignedByUnknownKey, JudgeUnknownKey),
        (BadSignature, JudgeBadSignature),
        (OtherDigest, JudgeOtherDigest),
        (UnreadablePayload, JudgeUnreadablePayload),
        (Orphan, JudgeOrphan),
        (OutsideTheSigner, JudgeOutsideTheSigner),
        (SignedByRevokedKey, JudgeRevokedKey),
        (BeyondTheLimits, JudgeLimits),
    ];

    /// <summary>A finding about one attestation.</summary>
    public static AuditFinding Finding(AuditRule rule, InspectedAttestation inspected, string detail)
    {
        var attestation = inspected.Attestation;
        return rule.Finding(attestation.Name, detail) with
        {
            Image = inspected.Digest?.ToString(),
            Since = attestation.CreateTime,
            Evidence = [new EvidenceLink("occurrence", attestation.Name), new EvidenceLink("resource", Clip.Text(attestation.ResourceUri))],
        };
    }

    /// <summary>That keys attest an image more than once.</summary>
    public static AuditFinding FindingOfDuplicate(string image, DigestKey digest, IReadOnlyCollection<string> keys, AttestorName attestor) =>
        Duplicate.Finding(image, $"{attestor} has several attestations of it by {Clip.Texts(keys)}.") with { Image = digest.ToString() };

    internal static string? JudgeRetiredKey(InspectedAttestation inspected) =>
        inspected is { Limit: null, Signers.Count: 0, FormerSigners.Count: > 0 } ? $"It is signed by {Versions(inspected.FormerSigners)}, which the attestor trusts no more." : null;

    internal static string? JudgeUnknownKey(InspectedAttestation inspected) =>
        inspected is { Limit: null, HasSigner: false, BadSignatures.Count: 0, UnknownKeys.Count: > 0 } ? $"It is signed by {Clip.Texts(inspected.UnknownKeys)}, which the attestor does not list and no record knows." : null;

    internal static string? JudgeBadSignature(InspectedAttestation inspected) => inspected switch
    {
        { Limit: not null } or { HasSigner: true } => null,
        { BadSignatures.Count: > 0 } => $"No signature of it verifies: {Clip.Texts(inspected.BadSignatures)} did not sign the stored payload.",
        { UnknownKeys.Count: 0 } => "It carries no signature.",
        _ => null,
    };

    internal static string? JudgeOtherDigest(InspectedAttestation inspected) =>
        inspected is { Limit: null, Payload: { } payload, IsAboutItsImage: false } ? $"Its payload is about {payload.Digest}, and it is stored for {Clip.Text(inspected.Attestation.ResourceUri)}." : null;

    internal static string? JudgeUnreadablePayload(InspectedAttestation inspected) => inspected switch
    {
        { Limit: not null } => null,
        { PayloadError: { } error } => $"It cannot be read: {Clip.Text(error)}.",
        { Payload: { HasKnownType: false, Type: var type } } => $"Its type is '{Clip.Text(type)}', not 'Google cloud binauthz container signature'.",
        _ => null,
    };

    internal static string? JudgeOrphan(InspectedAttestation inspected) => inspected.HasImage == false ? "No protected repository keeps its image, and no pod runs it." : null;

    internal static string? JudgeOutsideTheSigner(InspectedAttestation inspected) =>
        inspected is { IsValid: true, HasImage: true, Unrecorded.Count: > 0 } ? $"It is signed by {Clip.Texts(inspected.Unrecorded)}, and the evidence bucket has no decision record of that version for the image." : null;

    internal static string? JudgeRevokedKey(InspectedAttestation inspected) =>
        // Without a time it may have been made at any.
        inspected.RevokedSigners.FirstOrDefault(key => (inspected.Attestation.CreateTime ?? DateTimeOffset.MaxValue) >= key.CompromisedSince) is { } key
            ? $"It is signed by {key.Version}, {(inspected.Attestation.CreateTime is { } made ? $"at {Rfc3339.Write(made)}" : "at a time that is not known")}; others may have been able to sign with that since {Rfc3339.Write(key.CompromisedSince)}."
            : null;

    internal static string? JudgeLimits(InspectedAttestation inspected) => inspected.Limit;

    private static AuditRule Rule(string id, string title, AuditSeverity severity, string rationale, string remedy, IReadOnlyList<AuditControl> controls) =>
        new(id, title, severity, rationale, remedy, controls, Tally);

    private static RuleAssessment Tally(AuditRule rule, AuditFacts facts) => RuleAssessment.All(facts.Attestors.Select(attestor => attestor.Attestations switch
    {
        Fact<AttestationTally>.Known known => known.Value.Findings.GetValueOrDefault(rule.Id) ?? new RuleAssessment.Assessed([]),
        Fact<AttestationTally>.Unknown unknown => RuleAssessment.NotKnown([unknown.Why], []),
        _ => throw new InvalidOperationException($"{attestor.Attestations.GetType().Name} is no fact that is known here."),
    }));

    private static string Versions(IReadOnlyList<KeyVersionName> versions) => Clip.Texts([.. versions.Select(version => version.ToString())]);
}
