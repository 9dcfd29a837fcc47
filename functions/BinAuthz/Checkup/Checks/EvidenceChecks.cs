using BinAuthz.Checkup.Facts;
using BinAuthz.GoogleCloud;

namespace BinAuthz.Checkup.Checks;

/// <summary>Where decisions are kept and told.</summary>
internal static class EvidenceChecks
{
    /// <summary>What was found.</summary>
    public static IEnumerable<CheckResult> Judge(CheckupRequest request, ProjectFacts facts)
    {
        var bucket = $"gs://{request.EvidenceBucket}";
        return facts.Bucket
            .Judge("evidence-bucket", bucket, found => found is null
                ? [CheckResult.Failed("evidence-bucket", bucket, "There is no such bucket, and without its record no decision to sign is carried out.", $"{request.Setup} makes it.")]
                : [CheckResult.Ok("evidence-bucket", bucket, "keeps decision records and reports"), Retention(request, bucket, found)])
            .Concat(Topic(request, facts, "decisions-topic", ProjectTopics.Decisions(request), CheckStatus.Failed, "is told of decisions", "decisions cannot be told"))
            .Concat(Topic(request, facts, "alerts-topic", ProjectTopics.Alerts(request), CheckStatus.Warning, "is told of denials", "denials cannot be told"))
            .Concat(Topic(request, facts, "resign-topic", ProjectTopics.Resign(request), CheckStatus.Warning, "asks for images to be signed anew", "a rotation cannot have images signed anew"))
            .Concat(Topic(request, facts, "findings-topic", ProjectTopics.Findings(request), CheckStatus.Warning, "is told of what audits find", "what audits find cannot be told"))
            .Concat(Topic(request, facts, "audit-topic", ProjectTopics.Audit(request), CheckStatus.Warning, "asks for parts of a large audit", "a large audit cannot be made in parts"))
            .Concat(Topic(request, facts, "dead-letters-topic", ProjectTopics.DeadLetters(request), CheckStatus.Warning, "is told what the functions could not handle", "what the functions cannot handle is lost in the end"));
    }

    private static CheckResult Retention(CheckupRequest request, string bucket, BucketDescription found)
    {
        const string Check = "evidence-retention";
        return found.Retention is not { } retention
            ? CheckResult.Warning(Check, bucket, "It has no retention policy: whoever may delete objects may delete evidence.", $"{request.Setup} sets one.")
            : CheckResult.Ok(Check, bucket, $"keeps each object {retention.TotalDays:0.#} days{(found.IsRetentionLocked ? ", and nobody can shorten that" : "; who administers the bucket can shorten that until it is locked")}");
    }

    private static IEnumerable<CheckResult> Topic(CheckupRequest request, ProjectFacts facts, string check, string topic, CheckStatus missing, string use, string harm) =>
        facts.Topics[topic].Judge(check, topic, exists => exists
            ? [CheckResult.Ok(check, topic, use)]
            : [new CheckResult(check, topic, missing, $"There is no such topic, so that {harm}.", $"{request.Setup} makes it, or `gcloud pubsub topics create {topic}`.")]);
}
