using BinAuthz.Functions.Events;
using Google.Cloud.Functions.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.Functions;

/// <summary>Registers what signing needs.</summary>
internal sealed class SignImageStartup : FunctionsStartup
{
    /// <inheritdoc />
    public override void ConfigureServices(WebHostBuilderContext context, IServiceCollection services) =>
        services.AddBinAuthz(context.Configuration).AddSingleton<EventDelivery>().AddSingleton<NotifiedImages>();
}
