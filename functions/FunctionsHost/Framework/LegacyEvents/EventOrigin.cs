namespace Google.Cloud.Functions.Framework.LegacyEvents;

/// <summary>Where an event comes from, in CloudEvents' terms.</summary>
internal sealed record EventOrigin(string SourcePath, string? Subject = null, (string Name, string Value)? Extension = null);
