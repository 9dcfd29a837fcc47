using BinAuthz.Emulator.Hosting;
using Google.Cloud.PubSub.V1;
using Google.Protobuf.WellKnownTypes;

namespace BinAuthz.Emulator.PubSub;

/// <summary>Defaults, bounds and changes of subscriptions.</summary>
internal static class SubscriptionSettings
{
    private const int DefaultAckDeadline = 10;
    private const int MaxAckDeadline = 600;
    private static readonly TimeSpan DefaultRetention = TimeSpan.FromDays(7);
    private static readonly TimeSpan MaxRetention = TimeSpan.FromDays(31);
    private static readonly TimeSpan MinRetention = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan MaxBackoff = TimeSpan.FromSeconds(600);

    /// <summary>Fills in what Pub/Sub assumes, and refuses what it does not accept.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT.</exception>
    public static Subscription Complete(Subscription subscription)
    {
        subscription.AckDeadlineSeconds = subscription.AckDeadlineSeconds == 0 ? DefaultAckDeadline : subscription.AckDeadlineSeconds;
        subscription.MessageRetentionDuration ??= Duration.FromTimeSpan(DefaultRetention);
        subscription.ExpirationPolicy ??= new ExpirationPolicy { Ttl = Duration.FromTimeSpan(MaxRetention) };
        subscription.PushConfig ??= new PushConfig();
        subscription.State = Subscription.Types.State.Active;
        CheckDeadline(subscription.AckDeadlineSeconds);
        if (subscription.MessageRetentionDuration.ToTimeSpan() is var retention && (retention < MinRetention || retention > MaxRetention))
        {
            throw Errors.Invalid("message_retention_duration of a subscription is between 10 minutes and 31 days.");
        }

        MessageFilter.Parse(subscription.Filter);
        Check(subscription.PushConfig);
        CompleteRetry(subscription.RetryPolicy);
        CompleteDeadLetter(subscription.DeadLetterPolicy);
        return subscription;
    }

    /// <summary>Applies an update.</summary>
    public static Subscription Change(Subscription current, Subscription wanted, FieldMask mask)
    {
        foreach (var path in mask.Paths)
        {
            Change(current, wanted, path);
        }

        return Complete(current);
    }

    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT: no http or https address.</exception>
    public static void Check(PushConfig push)
    {
        if (push.PushEndpoint.Length > 0 && !(Uri.TryCreate(push.PushEndpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
        {
            throw Errors.Invalid($"Invalid push endpoint given (endpoint={push.PushEndpoint}). It is an absolute http or https address.");
        }
    }

    public static void CheckDeadline(int seconds)
    {
        if (seconds is < DefaultAckDeadline or > MaxAckDeadline)
        {
            throw Errors.Invalid($"Invalid ack deadline given (ack_deadline_seconds={seconds}). It is between {DefaultAckDeadline} and {MaxAckDeadline} seconds.");
        }
    }

    private static void Change(Subscription current, Subscription wanted, string path)
    {
        switch (path)
        {
            case "ack_deadline_seconds":
                current.AckDeadlineSeconds = wanted.AckDeadlineSeconds;
                break;
            case "push_config":
                current.PushConfig = wanted.PushConfig;
                break;
            case "labels":
                current.Labels.Clear();
                current.Labels.Add(wanted.Labels);
                break;
            case "message_retention_duration":
                current.MessageRetentionDuration = wanted.MessageRetentionDuration;
                break;
            case "retain_acked_messages":
                current.RetainAckedMessages = wanted.RetainAckedMessages;
                break;
            case "expiration_policy":
                current.ExpirationPolicy = wanted.ExpirationPolicy;
                break;
            case "dead_letter_policy":
                current.DeadLetterPolicy = wanted.DeadLetterPolicy;
                break;
            case "retry_policy":
                current.RetryPolicy = wanted.RetryPolicy;
                break;
            case "enable_exactly_once_delivery":
                current.EnableExactlyOnceDelivery = wanted.EnableExactlyOnceDelivery;
                break;
            default:
                throw Errors.Invalid($"Invalid update_mask provided in the UpdateSubscriptionRequest: '{path}' is not a known or updatable Subscription field.");
        }
    }

    private static void CompleteRetry(RetryPolicy? policy)
    {
        if (policy is null)
        {
            return;
        }

        policy.MinimumBackoff ??= Duration.FromTimeSpan(TimeSpan.FromSeconds(10));
        policy.MaximumBackoff ??= Duration.FromTimeSpan(MaxBackoff);
        var (min, max) = (policy.MinimumBackoff.ToTimeSpan(), policy.MaximumBackoff.ToTimeSpan());
        if (min < TimeSpan.Zero || max > MaxBackoff || min > max)
        {
            throw Errors.Invalid("retry_policy has 0 s <= minimum_backoff <= maximum_backoff <= 600 s.");
        }
    }

    private static void CompleteDeadLetter(DeadLetterPolicy? policy)
    {
        if (policy is null or { DeadLetterTopic: "" })
        {
            return;
        }

        ResourceNames.Check(policy.DeadLetterTopic, "topics");
        policy.MaxDeliveryAttempts = policy.MaxDeliveryAttempts == 0 ? 5 : policy.MaxDeliveryAttempts;
        if (policy.MaxDeliveryAttempts is < 5 or > 100)
        {
            throw Errors.Invalid($"dead_letter_policy.max_delivery_attempts is {policy.MaxDeliveryAttempts}; it is between 5 and 100.");
        }
    }
}
