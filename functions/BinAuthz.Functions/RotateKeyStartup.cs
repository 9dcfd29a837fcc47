using BinAuthz.Functions.Events;
using Google.Cloud.Functions.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.Functions;

/// <summary>Registers what rotation needs.</summary>
internal sealed class RotateKeyStartup : FunctionsStartup
{
    /// <inheritdoc />
    public override void ConfigureServices(WebHostBuilderContext context, IServiceCollection services) =>
        services.AddRotation(context.Configuration).AddSingleton<EventDelivery>().AddSingleton<ScheduledEndpoint>().AddSingleton<RotationRound>();
}
