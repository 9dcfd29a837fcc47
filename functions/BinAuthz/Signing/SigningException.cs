namespace BinAuthz.Signing;

/// <summary>Signing cannot go on until somebody mends something. The event is delivered again meanwhile, so nothing is lost.</summary>
/// <param name="message">Names what is wrong and the remedy.</param>
/// <param name="inner">The call that was refused, if one was.</param>
public sealed class SigningException(string message, Exception? inner = null) : Exception(message, inner);
