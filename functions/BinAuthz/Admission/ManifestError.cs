namespace BinAuthz.Admission;

/// <summary>One document that could not be read: where, why, and what to do.</summary>
internal sealed record ManifestError(SourcePlace At, string Rule, string Remedy)
{
    public override string ToString() => $"{At}: {Rule} {Remedy}";
}
