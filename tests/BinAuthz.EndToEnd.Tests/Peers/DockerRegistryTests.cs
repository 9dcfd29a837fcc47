using System.Globalization;
using BinAuthz.Cli.Emulation;
using BinAuthz.Cli.Oci;
using BinAuthz.EndToEnd.Tests.Signing;
using BinAuthz.Images;
using Grpc.Net.Client;

namespace BinAuthz.EndToEnd.Tests.Peers;

/// <summary>A real push by skopeo into a real CNCF Distribution registry, whose notifications go to the emulator, ends in attestations.</summary>
public sealed class DockerRegistryTests
{
    [Fact]
    public Task Push_SingleImage_IsAttested() => PushAsync(maker => maker.MakeImage("one platform"), attestations: 1);

    [Fact]
    public Task Push_MultiPlatformIndex_IsAttestedWithEachPlatform() => PushAsync(maker => maker.MakeMultiPlatformImage("two platforms"), attestations: 3);

    private static async Task PushAsync(Func<ImageMaker, Descriptor> make, int attestations)
    {
        var (skopeo, docker) = (ExternalTool.Require("skopeo"), ExternalTool.Require("docker-registry"));
        var cancellation = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("binauthz-registry-");
        try
        {
            await using var function = await FunctionWorld.StartAsync();
            using var channel = GrpcChannel.ForAddress(function.World.Emulator.GrpcEndpoint);
            await new EventRoutes(channel, SigningWorld.Project, SigningWorld.Location, "production").RouteAsync(function.Address, cancellation);
            var port = FunctionProcess.FreePort();
            await using var registry = await BackgroundProgram.StartAsync(docker, ["serve", Configure(folder, port, function.World.Emulator.RestEndpoint)], port);
            var layout = folder.CreateSubdirectory("layout");
            var image = ImageReference.Parse($"{SigningWorld.Repository}@{make(new ImageMaker(layout.FullName)).Digest}");
            await function.World.BuildAsync(image);

            var copied = await new ExternalProcess
            {
                Program = skopeo,
                Arguments = ["--insecure-policy", "copy", "--all", "--dest-tls-verify=false", $"oci:{layout.FullName}", $"docker://127.0.0.1:{port}/acme-prod/app/server:v1"],
                Environment = new Dictionary<string, string> { ["HOME"] = folder.FullName },
            }.RunAsync(cancellation);
            Assert.True(copied.ExitCode == 0, copied.ToString());

            Assert.True(
                await Eventually.HoldsAsync(async () => (await function.World.AttestationsAsync()).Count == attestations, TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(200), cancellation),
                string.Join('\n', function.Log.Lines));
            Assert.True(await function.World.IsAcceptedAsync(Assert.Single(await function.World.AttestationsAsync(image.Digest))));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // https://distribution.github.io/distribution/about/configuration/
    private static string Configure(DirectoryInfo folder, int port, Uri emulator)
    {
        var path = Path.Combine(folder.FullName, "registry.yaml");
        File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture, $"""
            version: 0.1
            log: {"{level: error}"}
            storage:
              filesystem:
                rootdirectory: {Path.Combine(folder.FullName, "storage")}
            http:
              addr: 127.0.0.1:{port}
            notifications:
              endpoints:
                - name: emulator
                  url: {emulator}emulator/v1/registry-events?registry=us-central1-docker.pkg.dev
                  timeout: 10s
                  threshold: 5
                  backoff: 1s
            """));
        return path;
    }
}
