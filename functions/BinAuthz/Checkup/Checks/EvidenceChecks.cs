using BinAuthz.Checkup.Facts;

namespace BinAuthz.Checkup.Checks;

/// <summary>Where decisions are kept and told.</summary>
internal static class EvidenceChecks
{
    /// <summary>What was found.</summary>
    public static IEnumerable<CheckResult> Judge(CheckupRequest request, ProjectFacts facts)
    {
        var bucket = $"gs://{request.EvidenceBucket}";
        return facts.Bucket
            .Judge("evidence-bucket", bucket, exists => exists
                ? [CheckResult.Ok("evidence-bucket", bucket, "keeps decision records")]
                : [CheckResult.Failed("evidence-bucket", bucket, "There is no such bucket, and without its record no decision to sign is carried out.", $"{request.Setup} makes it.")])
            .Concat(Topic(request, facts, "decisions-topic", ProjectTopics.Decisions(request), CheckStatus.Failed, "is told of decisions", "decisions cannot be told"))
            .Concat(Topic(request, facts, "alerts-topic", ProjectTopics.Alerts(request), CheckStatus.Warning, "is told of denials", "denials cannot be told"));
    }

    private static IEnumerable<CheckResult> Topic(CheckupRequest request, ProjectFacts facts, string check, string topic, CheckStatus missing, string use, string harm) =>
        facts.Topics[topic].Judge(check, topic, exists => exists
            ? [CheckResult.Ok(check, topic, use)]
            : [new CheckResult(check, topic, missing, $"There is no such topic, so that {harm}.", $"{request.Setup} makes it, or `gcloud pubsub topics create {topic}`.")]);
}
