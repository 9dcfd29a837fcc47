namespace BinAuthz.Rotation;

/// <summary>A rotation cannot go on until somebody mends something. Nothing was changed by the step that failed.</summary>
/// <param name="message">Names what is wrong and the remedy.</param>
/// <param name="inner">What it follows from.</param>
public sealed class RotationException(string message, Exception? inner = null) : Exception(message, inner);
