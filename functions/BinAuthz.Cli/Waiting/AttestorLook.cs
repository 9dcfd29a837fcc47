using System.Text.Json.Nodes;
using BinAuthz.Approval;
using BinAuthz.Attestations;
using BinAuthz.Cli.Approval;
using BinAuthz.Cli.Commands;
using BinAuthz.Decisions;
using BinAuthz.Images;

namespace BinAuthz.Cli.Waiting;

/// <summary>What one attestor has of an image at one moment.</summary>
/// <param name="Attestor">Whose attestations were looked for.</param>
/// <param name="Missing">The image and its platforms without an attestation that verifies.</param>
/// <param name="Invalid">What is stored for the missing ones and does not verify.</param>
internal sealed record AttestorLook(AttestorName Attestor, IReadOnlyList<ImageReference> Missing, IReadOnlyList<CheckedAttestation> Invalid)
{
    /// <summary>The latest refusal that is kept; null: none is, or none was looked for because the image is attested.</summary>
    public Decision? Refusal { get; init; }

    /// <summary>Why the refusals could not be read; null: they could.</summary>
    public string? Unreadable { get; init; }

    /// <summary>Whether the image and every platform has an attestation that verifies.</summary>
    public bool IsAttested => Missing.Count == 0;

    /// <summary>Whether the policy said no, at or after a moment.</summary>
    public bool IsRejectedSince(DateTimeOffset moment) => !IsAttested && Refusal is { Outcome: "rejected" } refusal && refusal.Time >= moment;

    /// <summary>One sentence for whoever waits.</summary>
    public string Describe()
    {
        if (IsAttested)
        {
            return $"{Attestor} has attested it.";
        }

        var missing = string.Join(", ", Missing.Select(image => image.Digest));
        var invalid = Invalid.Count == 0 ? "" : $" {Invalid.Count} stored there does not verify: {Invalid[0].Reason}";
        return $"{Attestor} has not attested {missing} yet.{invalid} {Why()}";
    }

    /// <summary>For programs.</summary>
    public JsonObject ToJson() => new()
    {
        ["attestor"] = Attestor.ToString(),
        ["attested"] = IsAttested,
        ["missing"] = new JsonArray([.. Missing.Select(image => JsonValue.Create(image.Digest.ToString()))]),
        ["invalid"] = new JsonArray([.. Invalid.Select(each => each.ToJson())]),
        ["refusal"] = Refusal is null ? null : RefusalOutput.ToJson(Refusal),
        ["unreadable"] = Unreadable,
    };

    private string Why() => this switch
    {
        { Unreadable: { } reason } => $"Why not cannot be read: {reason}",
        { Refusal: { } refusal } => $"At {Rfc3339.Write(refusal.Time)} it was {refusal.Outcome.Replace('_', ' ')}: {string.Join("; ", refusal.Rules.Where(rule => rule.Verdict != RuleVerdict.Satisfied).Select(rule => $"{rule.Rule} ({rule.Code}): {rule.Reason}"))}",
        _ => "No refusal is kept: it was not weighed, or is being signed.",
    };
}
