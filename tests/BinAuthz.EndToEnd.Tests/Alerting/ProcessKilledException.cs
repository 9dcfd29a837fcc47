namespace BinAuthz.EndToEnd.Tests.Alerting;

/// <summary>Nobody catches it.</summary>
internal sealed class ProcessKilledException : Exception;
