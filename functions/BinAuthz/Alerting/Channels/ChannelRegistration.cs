using BinAuthz.Alerting.Secrets;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.Alerting.Channels;

/// <summary>Registers the channels.</summary>
internal static class ChannelRegistration
{
    /// <summary>The channels of a policy, beside <see cref="ServiceRegistration.AddGoogleCloud"/>. Secrets are read when the first alert is sent.</summary>
    public static IServiceCollection AddAlertChannels(this IServiceCollection services, AlertPolicy policy) => services
        .AddSingleton<AlertSecrets>()
        .AddSingleton(provider => new ChannelTransport(DeliveryLimits.Default, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton(provider => AlertChannels.Of(policy, provider.GetRequiredService<AlertSecrets>(), provider.GetRequiredService<ChannelTransport>(), provider.GetRequiredService<TimeProvider>()));
}
