namespace BinAuthz.Auditing;

/// <summary>An audit cannot go on until somebody mends something; the message says what.</summary>
internal sealed class AuditException(string message, Exception? inner = null) : Exception(message, inner);
