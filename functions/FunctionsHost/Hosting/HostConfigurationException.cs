namespace Google.Cloud.Functions.Hosting;

/// <summary>A setting of the host is wrong; the message names value, rule and remedy on one line.</summary>
internal sealed class HostConfigurationException(string message) : InvalidOperationException(message);
