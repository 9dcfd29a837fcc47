using BinAuthz.Checkup.Facts;

namespace BinAuthz.Auditing.Facts;

/// <summary>Reads who may do what.</summary>
internal sealed class AccessFactReader
{
    /// <summary>Reads it.</summary>
    public Task<AuditedAccess> ReadAsync(FactReader reader, AuditRequest request, CancellationToken cancellationToken) => Task.FromResult(new AuditedAccess());
}
