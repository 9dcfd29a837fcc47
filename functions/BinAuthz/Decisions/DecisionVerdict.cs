namespace BinAuthz.Decisions;

/// <summary>Whether a stored decision record counts.</summary>
internal abstract record DecisionVerdict
{
    private DecisionVerdict()
    {
    }

    /// <summary>Signed by this key of the attestor, about this digest.</summary>
    internal sealed record Valid(string KeyId, VerificationSummary Summary) : DecisionVerdict;

    /// <summary>It does not count.</summary>
    /// <param name="IsUnlistedKey">Nothing is wrong but that the attestor does not list the key, as after its removal.</param>
    /// <param name="Reason">Why.</param>
    internal sealed record Invalid(bool IsUnlistedKey, string Reason) : DecisionVerdict;
}
