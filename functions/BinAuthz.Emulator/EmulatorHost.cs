using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.State;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BinAuthz.Emulator;

/// <summary>A running emulator of the Google APIs around Binary Authorization. Disposing stops it.</summary>
public sealed class EmulatorHost : IAsyncDisposable
{
    // What errors, operations and log entries hold as google.protobuf.Any.
    private static readonly TypeRegistry AnyTypes = TypeRegistry.FromFiles(
        Google.Rpc.ErrorDetailsReflection.Descriptor, Google.Cloud.ServiceUsage.V1.ServiceUsageReflection.Descriptor,
        Google.Cloud.ArtifactRegistry.V1.RegistryReflection.Descriptor,
        Google.Cloud.Audit.AuditReflection.Descriptor, Google.Cloud.Logging.V2.LogServiceReflection.Descriptor);

    private readonly WebApplication app;

    private EmulatorHost(WebApplication app, EmulatorSwitches switches)
    {
        this.app = app;
        Switches = switches;
        var addresses = app.Urls.ToArray();
        RestEndpoint = new Uri(addresses[0]);
        GrpcEndpoint = new Uri(addresses[1]);
    }

    /// <summary>Where REST is served, such as <c>http://127.0.0.1:8080</c>; gRPC answers here too.</summary>
    public Uri RestEndpoint { get; }

    /// <summary>Where gRPC is served; REST answers here too.</summary>
    public Uri GrpcEndpoint { get; }

    /// <summary>The server URL of a GKE cluster, for <c>kubectl --server</c>; it exists from when it is first asked for.</summary>
    public Uri ClusterEndpoint(string project, string location, string name) => new(RestEndpoint, $"/clusters/{project}/{location}/{name}");

    /// <summary>Failures and delays on demand.</summary>
    public Faults Faults => app.Services.GetRequiredService<Faults>();

    /// <summary>The requests answered so far.</summary>
    public RequestLog Requests => app.Services.GetRequiredService<RequestLog>();

    /// <summary>The choices where Google's behaviour is not documented.</summary>
    public EmulatorSwitches Switches { get; }

    /// <summary>Roles and allow policies, set without a call.</summary>
    public EmulatorAccess Access => app.Services.GetRequiredService<EmulatorAccess>();

    /// <summary>Starts an emulator on 127.0.0.1.</summary>
    /// <param name="options">Ports, state and clock.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <exception cref="IOException">A port is in use.</exception>
    public static async Task<EmulatorHost> StartAsync(EmulatorOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var builder = WebApplication.CreateSlimBuilder();
        // Standard output belongs to whoever hosts the emulator, which is also told by an exception that it did not start.
        builder.Logging.SetMinimumLevel(LogLevel.Error).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, "").ConfigureKestrel(kestrel => Listen(kestrel, options));
        AddServices(builder.Services, options);
        var app = builder.Build();
        try
        {
            Map(app);
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
            return new EmulatorHost(app, options.Switches);
        }
        catch
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stops, after the calls in flight have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await app.StopAsync().ConfigureAwait(false);
        await app.DisposeAsync().ConfigureAwait(false);
    }

    private static void Listen(KestrelServerOptions kestrel, EmulatorOptions options)
    {
        kestrel.AllowAlternateSchemes = true;
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.Http2.MaxStreamsPerConnection = 1000;
        kestrel.Listen(System.Net.IPAddress.Loopback, options.RestPort, listen => listen.UseProtocolSniffing());
        kestrel.Listen(System.Net.IPAddress.Loopback, options.GrpcPort, listen => listen.UseProtocolSniffing());
    }

    private static void AddServices(IServiceCollection services, EmulatorOptions options)
    {
        services.AddSingleton(options).AddSingleton(options.TimeProvider).AddSingleton(options.Switches);
        services.AddSingleton<EmulatorStore>().AddSingleton<Faults>().AddSingleton<RequestLog>().AddSingleton<CallInterceptor>();
        services.AddRouting();
        // Templates with a verb become routes with a regular expression, which the slim builder leaves out.
        services.Configure<RouteOptions>(routing => routing.SetParameterPolicy<RegexInlineRouteConstraint>("regex"));
        services.AddGrpc(grpc =>
        {
            grpc.Interceptors.Add<CallInterceptor>();
            grpc.MaxReceiveMessageSize = null;
        }).AddJsonTranscoding(json =>
        {
            json.JsonSettings = new GrpcJsonSettings { IgnoreDefaultValues = true, WriteInt64sAsStrings = true };
            json.TypeRegistry = AnyTypes;
        });
        EmulatedServices.Add(services);
    }

    private static void Map(WebApplication app)
    {
        app.UseGooglePaths();
        app.UseRouting();
        app.UseGoogleBodies();
        EmulatedServices.Map(app);
    }
}
