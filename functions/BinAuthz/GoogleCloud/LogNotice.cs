using Google.Cloud.Logging.Type;
using Google.Protobuf.WellKnownTypes;

namespace BinAuthz.GoogleCloud;

/// <summary>A log entry of ours.</summary>
/// <param name="InsertId">Tells entries of one time apart.</param>
/// <param name="Severity">As Cloud Logging has it.</param>
/// <param name="Time">When what it tells was so, UTC.</param>
/// <param name="Payload">What it says.</param>
internal sealed record LogNotice(string InsertId, LogSeverity Severity, DateTimeOffset Time, Struct Payload);
