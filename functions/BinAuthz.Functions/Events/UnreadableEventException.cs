namespace BinAuthz.Functions.Events;

/// <summary>A message that no later delivery makes readable.</summary>
public sealed class UnreadableEventException(string message, Exception? inner = null) : Exception(message, inner);
