using BinAuthz.Auditing.Archive;

namespace BinAuthz.Auditing.Scanning;

/// <summary>Where the evidence bucket keeps what the parts of an audit found: <c>audits/ENVIRONMENT/TIME/shards/</c>.</summary>
/// <param name="Names">The full names of the objects there.</param>
internal sealed record ShardFolder(IReadOnlySet<string> Names)
{
    /// <summary>What everything of an audit's parts begins with.</summary>
    public static string Prefix(AuditRequest request) => new ReportName(request.Environment.Name, request.Time).File(ReportName.PartsFolder);

    /// <summary>What all parts go by.</summary>
    public static string Snapshot(AuditRequest request) => $"{Prefix(request)}snapshot.json";

    /// <summary>What a part found.</summary>
    public static string Result(AuditRequest request, AuditShard shard) => $"{Prefix(request)}{shard.Id}.json";

    /// <summary>That a part was cut in two.</summary>
    public static string Mark(AuditRequest request, AuditShard shard) => $"{Prefix(request)}{shard.Id}.cut";

    /// <summary>The parts that were read of what began as <paramref name="shard"/>.</summary>
    /// <returns>Null: one is missing.</returns>
    public IReadOnlyList<AuditShard>? Find(AuditRequest request, AuditShard shard)
    {
        if (Names.Contains(Result(request, shard)))
        {
            return [shard];
        }

        if (!Names.Contains(Mark(request, shard)))
        {
            return null;
        }

        var halves = shard.Cut().Select(half => Find(request, half)).ToArray();
        return halves.Any(half => half is null) ? null : [.. halves.SelectMany(half => half!)];
    }
}
