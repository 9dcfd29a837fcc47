namespace Google.Cloud.Functions.Framework;

/// <summary>A request holds no event that a function could take; the answer is 400.</summary>
internal sealed class UnreadableEventException(string message, Exception? innerException = null)
    : Exception(message, innerException);
