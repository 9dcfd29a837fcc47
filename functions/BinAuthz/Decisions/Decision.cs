using BinAuthz.Approval;
using BinAuthz.Attestations;
using BinAuthz.Images;
using BinAuthz.Keys;

namespace BinAuthz.Decisions;

/// <summary>One evaluation of one image by one attestor, as it is published. Its JSON form is <c>decision.schema.json</c>.</summary>
/// <param name="Time">When it was made.</param>
/// <param name="Environment">The approval policy's.</param>
/// <param name="Attestor">Who decided.</param>
/// <param name="Image">What was weighed.</param>
/// <param name="Outcome">The word of the outcome, such as <c>signed</c> or <c>rejected</c>.</param>
/// <param name="Detail">The outcome in words.</param>
/// <param name="Mode">Whether approval leads to an attestation.</param>
/// <param name="PolicyDigest"><c>sha256:…</c> of the approval policy.</param>
/// <param name="Rules">What every rule said; empty when none was asked.</param>
internal sealed record Decision(
    DateTimeOffset Time,
    string Environment,
    AttestorName Attestor,
    ImageReference Image,
    string Outcome,
    string Detail,
    ApprovalMode Mode,
    string PolicyDigest,
    IReadOnlyList<RuleResult> Rules)
{
    /// <summary>The version that signed; null: nothing was signed.</summary>
    public KeyVersionName? Key { get; init; }

    /// <summary>What was attested now.</summary>
    public IReadOnlyList<AttestedImage> Attestations { get; init; } = [];

    /// <summary>The message that asked; null: a person did.</summary>
    public string? MessageId { get; init; }

    /// <summary>The codes of the rules, such as <c>repository-allowed, provenance-verified</c>.</summary>
    public string Codes => string.Join(", ", Rules.Select(rule => rule.Code));
}
