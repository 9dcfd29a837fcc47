using System.Text.Json.Nodes;
using BinAuthz.Attestations;
using BinAuthz.Cli.Approval;
using BinAuthz.Decisions;
using BinAuthz.Images;
using BinAuthz.Signing;

namespace BinAuthz.Cli.Commands;

/// <summary>A stored decision record and what the attestor's keys say to it.</summary>
internal sealed record CheckedDecision(string Name, AttestorName Attestor, DecisionVerdict Verdict)
{
    /// <summary>The decision, when the record counts.</summary>
    public VerificationSummary? Summary => (Verdict as DecisionVerdict.Valid)?.Summary;

    /// <summary>Why it does not count; empty when it does.</summary>
    public string Reason => Verdict is DecisionVerdict.Invalid invalid ? invalid.Reason : "";

    /// <summary>Whether something is wrong with it; a key that the attestor no longer lists is not.</summary>
    public bool IsBroken => Verdict is DecisionVerdict.Invalid { IsUnlistedKey: false };

    /// <summary>Reads and checks every record of an image by an attestor.</summary>
    public static async Task<IReadOnlyList<CheckedDecision>> ReadAsync(DecisionRecords records, Attestor attestor, ImageDigest digest, CancellationToken cancellationToken)
    {
        var verifier = new DecisionVerifier(attestor);
        var stored = await records.ReadAsync(attestor.Name, digest, cancellationToken).ConfigureAwait(false);
        return [.. stored.Select(record => new CheckedDecision(record.Name, attestor.Name, verifier.Verify(record.Content, digest)))];
    }

    /// <summary>For programs.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["name"] = Name, ["attestor"] = Attestor.ToString(), ["valid"] = Summary is not null };
        if (Summary is not { } summary)
        {
            json["reason"] = Reason;
            return json;
        }

        json["verdict"] = summary.ResignedFrom is null ? "approved" : "resigned";
        json["time"] = Rfc3339.Write(summary.Verified);
        json["environment"] = summary.Environment;
        json["image"] = summary.Image.ToString();
        json["policy"] = summary.PolicyDigest;
        json["keyVersion"] = summary.Key.ToString();
        json["rules"] = RuleResultOutput.ToJson(summary.Rules);
        if (summary.ResignedFrom is { } from)
        {
            json["resignedFrom"] = new JsonObject { ["keyVersion"] = from.KeyVersion, ["occurrence"] = from.Occurrence };
        }

        return json;
    }
}
