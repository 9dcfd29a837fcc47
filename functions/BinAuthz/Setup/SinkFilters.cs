namespace BinAuthz.Setup;

/// <summary>The queries of the log sinks: those that the code which reads the entries understands.</summary>
/// <param name="Denials">What is alerted on.</param>
/// <param name="PushEntries">The audit entries of pushes.</param>
internal sealed record SinkFilters(string Denials, string PushEntries);
