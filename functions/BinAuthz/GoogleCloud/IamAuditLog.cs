namespace BinAuthz.GoogleCloud;

/// <summary>An audit log that a policy turns on.</summary>
/// <param name="Service">Such as <c>cloudkms.googleapis.com</c>; <c>allServices</c> stands for all.</param>
/// <param name="Type"><c>ADMIN_READ</c>, <c>DATA_READ</c> or <c>DATA_WRITE</c>.</param>
/// <param name="Exempted">The members whose calls are not recorded.</param>
internal sealed record IamAuditLog(string Service, string Type, IReadOnlyList<string> Exempted);
