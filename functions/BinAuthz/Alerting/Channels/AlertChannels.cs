using BinAuthz.Alerting.Secrets;

namespace BinAuthz.Alerting.Channels;

/// <summary>The channels of an alert policy.</summary>
/// <param name="All">One for each, in the order of the file.</param>
internal sealed record AlertChannels(IReadOnlyList<IAlertChannel> All)
{
    /// <summary>Makes the channels of a policy.</summary>
    public static AlertChannels Of(AlertPolicy policy, AlertSecrets secrets, ChannelTransport transport, TimeProvider time) =>
        new([.. policy.Channels.Select(settings => Make(settings, secrets, transport, time))]);

    private static IAlertChannel Make(ChannelSettings settings, AlertSecrets secrets, ChannelTransport transport, TimeProvider time) => settings switch
    {
        SlackSettings slack => new SlackChannel(slack, secrets, transport.Http(slack.AllowPrivate)),
        GoogleChatSettings chat => new GoogleChatChannel(chat, secrets, transport.Http(chat.AllowPrivate)),
        TeamsSettings teams => new TeamsChannel(teams, secrets, transport.Http(teams.AllowPrivate)),
        PagerDutySettings pager => new PagerDutyChannel(pager, secrets, transport.Http(pager.AllowPrivate)),
        OpsgenieSettings opsgenie => new OpsgenieChannel(opsgenie, secrets, transport.Http(opsgenie.AllowPrivate)),
        WebhookSettings webhook => new WebhookChannel(webhook, secrets, transport.Http(webhook.AllowPrivate), time),
        EmailSettings email => new EmailChannel(email, secrets, transport.Smtp(email.AllowPrivate)),
        _ => throw new InvalidOperationException($"There is no channel for {settings.GetType().Name}."),
    };
}
