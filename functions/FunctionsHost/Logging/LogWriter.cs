namespace Google.Cloud.Functions.Logging;

/// <summary>Writes log entries in one form.</summary>
internal abstract class LogWriter
{
    public abstract void Write(in LogEntry entry);
}
