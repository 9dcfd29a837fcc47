namespace BinAuthz.Approval.Provenance;

/// <summary>Why an envelope does not count as provenance.</summary>
internal sealed record ProvenanceFault(string Code, string Reason, string Remedy)
{
    /// <summary>The code for signatures by keys that the policy does not list only.</summary>
    public const string KeyUnknown = "provenance-key-unknown";
}
