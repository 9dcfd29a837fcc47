namespace BinAuthz.Denials;

/// <summary>The log entry that tells it, and where that happened.</summary>
/// <param name="InsertId">The entry's id, which with the time tells entries apart; a redelivery has the same.</param>
/// <param name="Time">When it happened, UTC.</param>
/// <param name="Project">The project id of the resource.</param>
/// <param name="Platform">The platform.</param>
/// <param name="Place"><c>LOCATION.CLUSTER</c> as admission rules name clusters, <c>LOCATION.SERVICE</c> on Cloud Run, or empty.</param>
/// <param name="LogName">Such as <c>projects/P/logs/cloudaudit.googleapis.com%2Factivity</c>.</param>
internal sealed record FindingSource(string InsertId, DateTimeOffset Time, string Project, FindingPlatform Platform, string Place, string LogName);
