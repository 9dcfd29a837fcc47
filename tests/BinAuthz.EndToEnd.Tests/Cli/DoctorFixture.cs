using System.Net.Http.Json;
using System.Text.Json.Nodes;
using BinAuthz.Emulator;
using BinAuthz.GoogleCloud;
using BinAuthz.Keys;
using BinAuthz.Setup;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.EndToEnd.Tests.Cli;

/// <summary>One emulator for all tests of a class, which run one after the other, each with a project of its own.</summary>
public sealed class DoctorFixture : IAsyncLifetime
{
    private EmulatorHost? emulator;
    private ServiceProvider? services;
    private int projects;

    internal EmulatorHost Emulator => emulator ?? throw new InvalidOperationException("The fixture is not initialized.");

    public async ValueTask InitializeAsync()
    {
        emulator = await EmulatorHost.StartAsync(new EmulatorOptions(), TestContext.Current.CancellationToken);
        services = new ServiceCollection().AddGoogleCloud(new BinAuthzOptions { Endpoint = emulator.GrpcEndpoint }).BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        if (services is not null)
        {
            await services.DisposeAsync();
        }

        if (emulator is not null)
        {
            await emulator.DisposeAsync();
        }
    }

    internal T Get<T>()
        where T : notnull => services!.GetRequiredService<T>();

    /// <summary>How to call one of the emulated APIs.</summary>
    internal Grpc.Core.CallInvoker Channel => Get<GoogleChannels>().For("emulator");

    /// <summary>A new project, set up as an environment.</summary>
    internal async Task<string> SetUpAsync(string environment = "production")
    {
        var project = $"doctor-{Interlocked.Increment(ref projects)}";
        var request = new SetupRequest(project, DeploymentEnvironment.Parse(environment), "us-central1", SignatureAlgorithm.Default);
        await Get<EnvironmentSetup>().ApplyAsync(request, new Progress<SetupStep>(), TestContext.Current.CancellationToken);
        return project;
    }

    /// <summary>Sends what the emulator must take.</summary>
    internal async Task PostAsync(string path, JsonNode body)
    {
        using var http = new HttpClient { BaseAddress = Emulator.RestEndpoint };
        using var answer = await http.PostAsJsonAsync(new Uri($"/{path}", UriKind.Relative), body, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}
