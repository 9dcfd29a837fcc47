using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.Emulator.PubSub;

/// <summary>Pub/Sub: topics, subscriptions, snapshots, and the messages between them.</summary>
internal static class PubSubRegistration
{
    public static void AddPubSub(this IServiceCollection services) => services
        .AddSingleton<MessageBroker>().AddSingleton<IMessageBus>(provider => provider.GetRequiredService<MessageBroker>())
        .AddHostedService(provider => provider.GetRequiredService<MessageBroker>())
        .AddSingleton<SnapshotStore>().AddSingleton<PublisherService>().AddSingleton<SubscriberService>();

    public static void MapPubSub(this IEndpointRouteBuilder routes)
    {
        routes.MapGrpcService<PublisherService>();
        routes.MapGrpcService<SubscriberService>();
    }
}
