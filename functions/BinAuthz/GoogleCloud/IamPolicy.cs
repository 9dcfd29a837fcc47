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

    private IEnumerable<IamAuditLog> Of(string service, string type) => AuditLogs.Where(log => log.Type == type && (log.Service == service || log.Service == AllServices));
}
