using BinAuthz.Functions;
using BinAuthz.Functions.Events;
using BinAuthz.GoogleCloud;
using BinAuthz.Rotation;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.EndToEnd.Tests.Rotation.Simulation;

/// <summary>A process of the product: its services, with a memory, a clock and connections of their own.</summary>
internal sealed class SimulatedProcess : IAsyncDisposable
{
    private readonly ServiceProvider services;
    private readonly Dictionary<Type, object> known = [];

    private SimulatedProcess(SimulationSite site, BinAuthzOptions options, TimeSpan skew, RemoteCalls calls, Action<IServiceCollection> add)
    {
        Calls = calls;
        var clock = new ProcessClock(site.Clock, skew, calls);
        var registered = new ServiceCollection().AddSingleton<TimeProvider>(clock).AddSingleton<HttpMessageHandler>(calls);
        add(registered);
        services = registered
            .AddSingleton(provider => new GoogleHttp(new HttpClient(calls, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan }, options, provider.GetRequiredService<GoogleTokens>(), clock))
            .BuildServiceProvider();
    }

    public RemoteCalls Calls { get; }

    /// <summary>A service. A container that is asked twice compiles its answer, which costs more than a whole history.</summary>
    public T Get<T>()
        where T : notnull
    {
        if (!known.TryGetValue(typeof(T), out var service))
        {
            known[typeof(T)] = service = services.GetRequiredService<T>();
        }

        return (T)service;
    }

    /// <summary>A rotator.</summary>
    public static SimulatedProcess Rotator(SimulationSite site, SimulatedProject project, BinAuthzOptions options, TimeSpan skew, RemoteCalls calls, Func<RotationDecision, RotationDecision>? defect) =>
        new(site, options, skew, calls, services =>
        {
            services.AddRotation(options, project.Id);
            if (defect is not null)
            {
                services.AddSingleton(defect(RotationPolicy.Decide));
            }
        });

    /// <summary>The signing function.</summary>
    public static SimulatedProcess Signer(SimulationSite site, BinAuthzOptions options, TimeSpan skew, RemoteCalls calls) =>
        new(site, options, skew, calls, services => services.AddBinAuthz(options).AddSingleton<EventDelivery>().AddSingleton<NotifiedImages>().AddSingleton<SignImageFunction>());

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
