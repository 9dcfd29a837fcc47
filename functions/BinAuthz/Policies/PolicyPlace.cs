namespace BinAuthz.Policies;

/// <summary>A place in a file; both count from 1.</summary>
internal readonly record struct PolicyPlace(int Line, int Column);
