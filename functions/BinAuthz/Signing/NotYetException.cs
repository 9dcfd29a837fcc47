namespace BinAuthz.Signing;

/// <summary>Nothing is wrong, and it is too early: the same message succeeds when it is delivered again.</summary>
/// <param name="message">What is waited for.</param>
public sealed class NotYetException(string message) : Exception(message);
