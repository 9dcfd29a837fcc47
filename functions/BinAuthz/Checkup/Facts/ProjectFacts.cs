using BinAuthz.GoogleCloud;

namespace BinAuthz.Checkup.Facts;

/// <summary>What was read of the project around the attestors.</summary>
/// <param name="Bucket">The evidence bucket; null: there is none.</param>
/// <param name="Topics">Whether each topic exists, by its full name.</param>
/// <param name="Subscriptions">All of the project.</param>
/// <param name="Sinks">All of the project.</param>
/// <param name="AuditedWrites">The services with DATA_WRITE audit logs; null: nobody asks for them.</param>
/// <param name="EvaluationMode">Of the cluster; null: none was asked for. Null inside: there is none of that name.</param>
internal sealed record ProjectFacts(
    Fact<BucketDescription?> Bucket,
    IReadOnlyDictionary<string, Fact<bool>> Topics,
    Fact<IReadOnlyList<TopicSubscription>> Subscriptions,
    Fact<IReadOnlyList<LogSinkDescription>> Sinks,
    Fact<IReadOnlySet<string>>? AuditedWrites,
    Fact<string?>? EvaluationMode);
