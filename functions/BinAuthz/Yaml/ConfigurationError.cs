namespace BinAuthz.Yaml;

/// <summary>One thing that is wrong in a file of ours: where, which rule it breaks, and what to write instead.</summary>
internal sealed record ConfigurationError(string File, int Line, int Column, string Rule, string Remedy)
{
    public override string ToString() => $"{File}:{Line}:{Column}: {Rule} {Remedy}";
}
