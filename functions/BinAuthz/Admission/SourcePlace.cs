using System.Globalization;

namespace BinAuthz.Admission;

/// <summary>A place in a file; line and column are counted from one.</summary>
internal sealed record SourcePlace(string File, int Line, int Column)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}");
}
