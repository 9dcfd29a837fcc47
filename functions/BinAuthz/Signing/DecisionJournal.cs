using BinAuthz.Approval;
using BinAuthz.Decisions;
using BinAuthz.GoogleCloud;
using Microsoft.Extensions.Logging;

namespace BinAuthz.Signing;

/// <summary>
/// Tells of every evaluation, after the act: one log line, and one message on the decisions topic. What was refused is kept in
/// the evidence bucket too, so that it can be told when the image is denied.
/// </summary>
internal sealed partial class DecisionJournal(
    ApprovalPolicy policy, PublisherClient publisher, DecisionsTopic topic, RefusalRecords refusals, EvidenceBucket bucket, ILogger<DecisionJournal> logger, TimeProvider time)
{
    /// <summary>Logs, publishes and keeps an outcome. What is no image was not evaluated: that is logged only.</summary>
    /// <param name="outcome">How an evaluation ended.</param>
    /// <param name="messageId">The message that asked; null: a person did.</param>
    /// <param name="cancellationToken">Gives up publishing and keeping.</param>
    /// <exception cref="GoogleCallException">The topic or the bucket refused it. What was signed stays signed; the next delivery publishes it as already signed.</exception>
    public async Task RecordAsync(SigningOutcome outcome, string? messageId, CancellationToken cancellationToken)
    {
        var decision = Decide(outcome, messageId);
        Log.Decided(logger, messageId ?? "-", outcome.Image.ToString(), outcome.Attestor.ToString(), outcome.Code, outcome.Detail, decision.PolicyDigest, decision.Codes);
        if (outcome.Rules.FirstOrDefault(rule => rule.Rule == AttestorPolicy.DeadlineRule) is { } overdue)
        {
            Log.DeadlinePassed(logger, outcome.Image.ToString(), outcome.Attestor.ToString(), $"{overdue.Reason} {overdue.Remedy}", outcome.Detail);
        }

        if (outcome is SigningOutcome.NotAnImage)
        {
            return;
        }

        var attributes = new Dictionary<string, string>
        {
            ["outcome"] = decision.Outcome,
            ["environment"] = decision.Environment,
            ["attestor"] = decision.Attestor.ToString(),
            ["image"] = decision.Image.ToString(),
        };
        var json = DecisionJson.Write(decision);
        await Task.WhenAll(
            publisher.PublishAsync(topic.Name, json, attributes, cancellationToken),
            outcome is SigningOutcome.Rejected or SigningOutcome.NotReady ? refusals.StoreAsync(bucket, decision, json, cancellationToken) : Task.CompletedTask).ConfigureAwait(false);
    }

    private Decision Decide(SigningOutcome outcome, string? messageId)
    {
        var (key, stored) = outcome switch
        {
            SigningOutcome.Signed signed => (signed.Key, signed.Stored),
            SigningOutcome.Resigned resigned => (resigned.Key, [resigned.Stored]),
            _ => (null, (IReadOnlyList<StoredAttestation>)[]),
        };
        var mode = policy.Attestors.First(attestor => attestor.Attestor == outcome.Attestor).Mode;
        return new Decision(time.GetUtcNow(), policy.Environment, outcome.Attestor, outcome.Image, outcome.Code, outcome.Detail, mode, policy.Digest, outcome.Rules)
        {
            Key = key,
            Attestations = [.. stored.Select(each => new AttestedImage(each.Image, each.Occurrence))],
            MessageId = messageId,
        };
    }

    private static partial class Log
    {
        [LoggerMessage(101, LogLevel.Information, "Message {MessageId} about {Image} for {Attestor} ended {Outcome}: {Detail} (policy {PolicyDigest}; rules {Rules})")]
        public static partial void Decided(ILogger logger, string messageId, string image, string attestor, string outcome, string detail, string policyDigest, string rules);

        [LoggerMessage(104, LogLevel.Error, "DeadlinePassed: {Image} waited too long for {Attestor}: {Reason} ({Detail})")]
        public static partial void DeadlinePassed(ILogger logger, string image, string attestor, string reason, string detail);
    }
}
