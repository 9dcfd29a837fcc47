namespace BinAuthz.Auditing.Archive;

/// <summary>Something wrong with a chain of reports.</summary>
/// <param name="Kind">What.</param>
/// <param name="Name">The file or folder that it is about.</param>
/// <param name="Detail">In words.</param>
internal sealed record ChainFault(ChainFaultKind Kind, string Name, string Detail)
{
    /// <summary>Whether a signature is invalid or cannot be checked, rather than the chain being broken.</summary>
    public bool IsOfSignature => Kind is ChainFaultKind.BadSignature or ChainFaultKind.UnknownKey or ChainFaultKind.StatementUnreadable;
}
