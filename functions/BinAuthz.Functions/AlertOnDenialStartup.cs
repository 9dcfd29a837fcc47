using BinAuthz.Functions.Events;
using Google.Cloud.Functions.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.Functions;

/// <summary>Registers what alerting needs.</summary>
internal sealed class AlertOnDenialStartup : FunctionsStartup
{
    /// <inheritdoc />
    public override void ConfigureServices(WebHostBuilderContext context, IServiceCollection services) =>
        services.AddAlerting(context.Configuration).AddSingleton<EventDelivery>();
}
