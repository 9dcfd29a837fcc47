using BinAuthz.Functions.Events;
using Google.Cloud.Functions.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.Functions;

/// <summary>Registers what auditing needs.</summary>
internal sealed class AuditAttestationsStartup : FunctionsStartup
{
    /// <inheritdoc />
    public override void ConfigureServices(WebHostBuilderContext context, IServiceCollection services) =>
        services.AddAuditing(context.Configuration).AddSingleton<EventDelivery>().AddSingleton<ScheduledEndpoint>();
}
