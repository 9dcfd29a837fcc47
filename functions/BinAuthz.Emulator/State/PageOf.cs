namespace BinAuthz.Emulator.State;

/// <summary>One page of a list, and the token of the next.</summary>
/// <param name="Items">In order.</param>
/// <param name="NextToken">Empty at the end.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string NextToken);
