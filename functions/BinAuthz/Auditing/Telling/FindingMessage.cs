namespace BinAuthz.Auditing.Telling;

/// <summary>A message on the topic of findings.</summary>
/// <param name="Data">JSON in UTF-8, as <c>findings.schema.json</c> says.</param>
/// <param name="Attributes">What subscriptions can filter by.</param>
internal sealed record FindingMessage(byte[] Data, IReadOnlyDictionary<string, string> Attributes);
