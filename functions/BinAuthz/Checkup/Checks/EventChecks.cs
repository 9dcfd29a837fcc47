using BinAuthz.Checkup.Facts;
using BinAuthz.GoogleCloud;

namespace BinAuthz.Checkup.Checks;

/// <summary>Whether the events reach the functions: topics, subscriptions on them, and where what fails for good ends up.</summary>
internal static class EventChecks
{
    /// <summary>What was found. The subscriptions belong to the deployment of the functions, therefore nothing fails.</summary>
    public static IEnumerable<CheckResult> Judge(CheckupRequest request, ProjectFacts facts)
    {
        IEnumerable<CheckResult> results =
        [
            .. Judge(request, facts, ProjectTopics.Pushes(request), "SignImageFunction", "pushes are not announced, and nothing is signed by itself"),
            .. Judge(request, facts, ProjectTopics.Occurrences(request), "SignImageFunction", "an image that waits for provenance or a scan is not weighed again"),
            .. Judge(request, facts, ProjectTopics.Denials(request), "AlertOnDenialFunction", "denials are not alerted on"),
        ];
        return request.WeighsPushes ? results.Concat(Judge(request, facts, ProjectTopics.PushEntries(request), "SignImageFunction", "an image that waits for the audit entry of its push is not weighed again")) : results;
    }

    private static IEnumerable<CheckResult> Judge(CheckupRequest request, ProjectFacts facts, string topic, string function, string harm)
    {
        const string Check = "event-topic";
        return facts.Topics[topic].Judge(Check, topic, exists => !exists
            ? [CheckResult.Warning(Check, topic, $"There is no such topic: {harm}.", $"{request.Setup} makes it, or `gcloud pubsub topics create {topic}`.")]
            : [CheckResult.Ok(Check, topic, "exists"), .. facts.Subscriptions.Judge("subscription", topic, all => Subscriptions([.. all.Where(each => each.Topic == topic)], topic, function, harm, ProjectTopics.DeadLetters(request)))]);
    }

    private static IEnumerable<CheckResult> Subscriptions(TopicSubscription[] subscriptions, string topic, string function, string harm, string deadLetters)
    {
        const string Check = "subscription";
        var (project, id) = (topic.Split('/')[1], topic.Split('/')[3]);
        if (subscriptions.Length == 0)
        {
            return [CheckResult.Warning(Check, topic, $"Nothing in this project is subscribed to it: {harm}.", $"`gcloud pubsub subscriptions create {id}-to-function --topic={topic} --project={project} --push-endpoint=URL_OF_{function} --push-auth-service-account=INVOKER --dead-letter-topic={deadLetters} --max-delivery-attempts=5`")];
        }

        return subscriptions.Select(each => each.DeadLetterTopic.Length == 0
            ? CheckResult.Warning(Check, each.Name, "It has no dead-letter topic: a message that always fails is tried until it expires, and then lost.", $"`gcloud pubsub subscriptions update {each.Name} --dead-letter-topic={deadLetters} --max-delivery-attempts=5`")
            : CheckResult.Ok(Check, each.Name, $"{(each.PushEndpoint.Length > 0 ? $"pushes to {each.PushEndpoint}" : "is pulled")}; what always fails goes to {each.DeadLetterTopic}"));
    }
}
