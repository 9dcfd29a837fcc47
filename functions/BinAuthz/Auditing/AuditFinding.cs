using System.Security.Cryptography;
using System.Text;

namespace BinAuthz.Auditing;

/// <summary>Something that a rule found.</summary>
/// <param name="Rule">The id of the rule.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Resource">What it is about, by its full name.</param>
/// <param name="Detail">What is there and what should be. May hold text from outside.</param>
/// <param name="Remedy">What mends it, with a command in backquotes.</param>
internal sealed record AuditFinding(string Rule, AuditSeverity Severity, string Resource, string Detail, string Remedy)
{
    /// <summary>The image by digest, where it is about one; null: about none.</summary>
    public string? Image { get; init; }

    /// <summary>Where an auditor can look for himself, such as an occurrence, a log query or a decision record.</summary>
    public IReadOnlyList<EvidenceLink> Evidence { get; init; } = [];

    /// <summary>Since when it is so, as far as that is known, UTC.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The same for the same finding in every report: 32 hex digits of the SHA-256 of rule and resource.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Rule}\n{Resource}")).AsSpan(0, 16));
}
