namespace BinAuthz.GoogleCloud;

/// <summary>The allow policy of a resource. What folders and organizations above grant is inherited and not in it.</summary>
/// <param name="Bindings">Who has which role.</param>
/// <param name="AuditLogs">Which Data Access logs are on; only policies of projects and above tell.</param>
internal sealed record IamPolicy(IReadOnlyList<IamBinding> Bindings, IReadOnlyList<IamAuditLog> AuditLogs)
{
    /// <summary>The policy that grants nothing.</summary>
    public static readonly IamPolicy Empty = new([], []);

    private const string AllServices = "allServices";

    /// <summary>Whether calls of a kind are recorded for a service.</summary>
    public bool Records(string service, string type) => Of(service, type).Any();

    /// <summary>Whose calls of a kind are not recorded although others are: exemptions for all services and for the one add up (docs: logging/docs/audit/configure-data-access).</summary>
    public IReadOnlyList<string> Exempted(string service, string type) => [.. Of(service, type).SelectMany(log => log.Exempted).Distinct(StringComparer.Ordinal)];

    /// <summary>Which members of a binding do not have its role under just its condition.</summary>
    public IReadOnlyList<string> Lacking(IamBinding wanted) => [.. wanted.Members.Except(Holders(wanted), StringComparer.Ordinal)];

    /// <summary>Who else has the role of a binding, under whatever condition; members that were deleted count for nothing.</summary>
    public IReadOnlyList<string> Others(IamBinding wanted) =>
    [
        .. Bindings.Where(binding => binding.Role == wanted.Role).SelectMany(binding => binding.Members)
            .Except(wanted.Members, StringComparer.Ordinal).Where(member => !member.StartsWith("deleted:", StringComparison.Ordinal)),
    ];

    private IEnumerable<string> Holders(IamBinding wanted) =>
        Bindings.Where(binding => binding.Role == wanted.Role && binding.Condition == wanted.Condition).SelectMany(binding => binding.Members);

    private IEnumerable<IamAuditLog> Of(string service, string type) => AuditLogs.Where(log => log.Type == type && (log.Service == service || log.Service == AllServices));
}
