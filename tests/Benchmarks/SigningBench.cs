using BinAuthz;
using BinAuthz.Keys;
using BinAuthz.Setup;
using BinAuthz.Signing;
using Microsoft.Extensions.DependencyInjection;

namespace Benchmarks;

/// <summary>The library's services against an emulator in which production is set up.</summary>
internal sealed class SigningBench : IAsyncDisposable
{
    private readonly string policy = Path.GetTempFileName();
    private readonly ServiceProvider services;

    private SigningBench(EmulatorProcess emulator, string rules)
    {
        Emulator = emulator;
        File.WriteAllText(policy, rules);
        services = new ServiceCollection().AddBinAuthz(new BinAuthzOptions { Endpoint = emulator.Grpc, Approval = policy }).BuildServiceProvider();
    }

    public EmulatorProcess Emulator { get; }

    /// <summary>The approval policy's path.</summary>
    public string Policy => policy;

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public ImageSigner Signer => services.GetRequiredService<ImageSigner>();

    public static async Task<SigningBench> StartAsync(string rules, CancellationToken cancellationToken)
    {
        var bench = new SigningBench(await EmulatorProcess.StartAsync(cancellationToken), rules);
        var request = new SetupRequest(Images.Project, DeploymentEnvironment.Production, "us-central1", SignatureAlgorithm.Default);
        await bench.services.GetRequiredService<TrustSetup>().ApplyAsync(request, new Progress<SetupStep>(), cancellationToken);
        return bench;
    }

    public static void Expect<T>(SigningOutcome outcome)
        where T : SigningOutcome
    {
        if (outcome is not T)
        {
            throw new InvalidOperationException($"{outcome.Image} ended {outcome.Code}: {outcome.Detail}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        Emulator.Dispose();
        File.Delete(policy);
    }
}
