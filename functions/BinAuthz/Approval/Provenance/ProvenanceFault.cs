namespace BinAuthz.Approval.Provenance;

/// <summary>Why an envelope does not count as provenance.</summary>
internal sealed record ProvenanceFault(string Code, string Reason, string Remedy);
