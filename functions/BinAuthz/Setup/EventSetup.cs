using System.Runtime.CompilerServices;
using BinAuthz.GoogleCloud;

namespace BinAuthz.Setup;

/// <summary>
/// Makes what events need on their way to the functions: their topics, the log sinks with the queries that the code understands, and
/// the topic of dead letters with a subscription that keeps them. The subscriptions that push to the functions belong to the deployment.
/// </summary>
internal sealed class EventSetup(PublisherClient publisher, SubscriptionClient subscriptions, LogSinkClient sinks, IamClient iam, PolicyWriter policies, SinkFilters filters)
{
    private const string Publish = "roles/pubsub.publisher";

    /// <summary>Looks at one thing after the other; what is to be done must be done before the next is asked for.</summary>
    public async IAsyncEnumerable<SetupAct> LookAsync(SetupRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (deadLetters, keeper) = EventTopics.DeadLetters(request.Project, request.Environment.Name);
        foreach (var (topic, detail) in Topics(request, deadLetters))
        {
            yield return SetupAct.Of("event topic", topic, detail, !await publisher.TopicExistsAsync(topic, cancellationToken).ConfigureAwait(false), stop => publisher.EnsureTopicAsync(topic, stop));
        }

        var existing = await subscriptions.ListAsync(request.Project, cancellationToken).ConfigureAwait(false);
        yield return SetupAct.Of("subscription", keeper, "keeps dead letters for a week", existing.All(each => each.Name != keeper), stop => subscriptions.EnsurePulledAsync(keeper, deadLetters, stop));
        yield return await LookAtDeadLetterAccessAsync(request, deadLetters, cancellationToken).ConfigureAwait(false);
        foreach (var (sink, detail) in Sinks(request))
        {
            var found = await FindAsync(request.Project, sink.Name, cancellationToken).ConfigureAwait(false);
            yield return Look(request.Project, sink, found, detail);
            if (found?.IsDisabled == true)
            {
                yield return SetupAct.Look("log sink", Name(request.Project, sink.Name), "is disabled, so that it copies nothing: gcloud logging sinks update --no-disabled");
            }

            yield return await LookAtWriterAsync(request.Project, sink, cancellationToken).ConfigureAwait(false);
        }
    }

    private static (string Topic, string Detail)[] Topics(SetupRequest request, string deadLetters) =>
    [
        (Topic(request, EventTopics.Pushes), "Artifact Registry announces pushes there"),
        (Topic(request, EventTopics.Occurrences), "Container Analysis announces provenance, scans and attestations there"),
        (Topic(request, EventTopics.Denials), "is told of what is alerted on"),
        (Topic(request, EventTopics.PushEntries), "is told who pushed"),
        (deadLetters, "is told what the functions could not handle"),
    ];

    private (LogSinkDescription Sink, string Detail)[] Sinks(SetupRequest request) =>
    [
        (Sink(request, EventTopics.Denials, filters.Denials), "copies denials, what got past the gate and changes of what is trusted"),
        (Sink(request, EventTopics.PushEntries, filters.PushEntries), "copies the audit entries of pushes"),
    ];

    private SetupAct Look(string project, LogSinkDescription wanted, LogSinkDescription? found, string detail) => found is null
        ? SetupAct.Of("log sink", Name(project, wanted.Name), detail, isMissing: true, stop => sinks.CreateAsync(project, wanted, detail, stop))
        : SetupAct.Of("log sink", Name(project, wanted.Name), detail, !found.Copies(wanted), stop => sinks.UpdateAsync(project, wanted, stop));

    // Pub/Sub's own identity moves what always fails (docs: pubsub/docs/handling-failures#grant_forwarding_permissions).
    private async Task<SetupAct> LookAtDeadLetterAccessAsync(SetupRequest request, string topic, CancellationToken cancellationToken)
    {
        var number = await iam.GetProjectNumberAsync(request.Project, cancellationToken).ConfigureAwait(false);
        var binding = new IamBinding(Publish, [$"serviceAccount:service-{number}@gcp-sa-pubsub.iam.gserviceaccount.com"]);
        return await policies.LookAsync(IamResource.Topic(topic), [binding], "Pub/Sub moves dead letters there", cancellationToken).ConfigureAwait(false);
    }

    private async Task<SetupAct> LookAtWriterAsync(string project, LogSinkDescription sink, CancellationToken cancellationToken)
    {
        var topic = sink.Destination[LogSinkDescription.TopicPrefix.Length..];
        return await FindAsync(project, sink.Name, cancellationToken).ConfigureAwait(false) is { Writer: { Length: > 0 } writer }
            ? await policies.LookAsync(IamResource.Topic(topic), [new IamBinding(Publish, [writer])], $"the sink {sink.Name} writes there", cancellationToken).ConfigureAwait(false)
            : SetupAct.Of(PolicyWriter.Kind, topic, $"the sink {sink.Name} writes there, as the identity that it gets when it is made", isMissing: true, _ => throw new InvalidOperationException($"The sink {sink.Name} tells no writer."));
    }

    private async Task<LogSinkDescription?> FindAsync(string project, string name, CancellationToken cancellationToken) =>
        (await sinks.ListAsync(project, cancellationToken).ConfigureAwait(false)).FirstOrDefault(sink => sink.Name == name);

    private static LogSinkDescription Sink(SetupRequest request, string id, string filter) => new(id, LogSinkDescription.TopicPrefix + Topic(request, id), filter, IsDisabled: false);

    private static string Topic(SetupRequest request, string id) => $"projects/{request.Project}/topics/{id}";

    private static string Name(string project, string sink) => $"projects/{project}/sinks/{sink}";
}
