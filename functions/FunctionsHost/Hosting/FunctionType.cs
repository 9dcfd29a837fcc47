namespace Google.Cloud.Functions.Hosting;

/// <summary>The function class that this host serves.</summary>
internal sealed record FunctionType(Type Type);
