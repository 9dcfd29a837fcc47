using System.Net;
using System.Text.Json.Nodes;
using BinAuthz.GoogleCloud;

namespace BinAuthz.EndToEnd.Tests.Signing;

/// <summary>
/// The two flavours that are deployed, as they are published. The gate publishes them and names their folders in
/// environment variables; elsewhere these tests are skipped.
/// </summary>
public sealed class PublishedFunctionTests : IDisposable
{
    private readonly DirectoryInfo copy = Directory.CreateTempSubdirectory("binauthz-published-");

    [Theory]
    [InlineData("BINAUTHZ_PUBLISHED_READY_TO_RUN")]
    [InlineData("BINAUTHZ_PUBLISHED_NATIVE_AOT")]
    public async Task Start_WithPortAndTargetAlone_EachFunctionDoesItsWork(string variable)
    {
        var published = Environment.GetEnvironmentVariable(variable);
        if (string.IsNullOrEmpty(published))
        {
            ExternalTool.Unavailable($"{variable} does not name a folder with the published functions.");
        }

        await using var world = await SigningWorld.StartAsync();
        CopyAndConfigure(published, world);

        await Task.WhenAll(SignsAPushAsync(world), TellsADenialAsync(world));
        // Afterwards: a rotation has every attested image signed anew, and an audit reads all there is.
        await RotatesAsync(world);
        await AuditsAsync(world);
    }

    public void Dispose() => copy.Delete(recursive: true);

    private async Task SignsAPushAsync(SigningWorld world)
    {
        var image = await world.PushBuiltAsync();
        using var function = new PublishedFunction(copy.FullName, "SignImageFunction");

        Assert.Equal(HttpStatusCode.OK, await function.PostAsync(PublishedFunction.Message($$"""{"action":"INSERT","digest":"{{image}}"}""")));

        Assert.True(await world.IsAcceptedAsync(Assert.Single(await world.AttestationsAsync(image.Digest))));
    }

    private async Task TellsADenialAsync(SigningWorld world)
    {
        var entry = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "testdata", "logs", "gke-deny-replicaset.json"), TestContext.Current.CancellationToken);
        using var function = new PublishedFunction(copy.FullName, "AlertOnDenialFunction");

        Assert.Equal(HttpStatusCode.OK, await function.PostAsync(PublishedFunction.Message(entry)));

        Assert.NotEmpty(await KeptAsync(world, "alerts/"));
    }

    private async Task RotatesAsync(SigningWorld world)
    {
        using var function = new PublishedFunction(copy.FullName, "RotateKeyFunction");

        Assert.Equal(HttpStatusCode.OK, await function.PostAsync("""{"renew":true}"""));

        var attestor = await world.Get<BinaryAuthorizationClient>().FindAttestorAsync(world.Attestor, TestContext.Current.CancellationToken);
        Assert.Equal(2, attestor!.Keys.Count);
    }

    private async Task AuditsAsync(SigningWorld world)
    {
        using var function = new PublishedFunction(copy.FullName, "AuditAttestationsFunction");

        Assert.Equal(HttpStatusCode.OK, await function.PostAsync("{}"));

        Assert.Contains(await KeptAsync(world, "audits/production/"), name => name.EndsWith("/statement.dsse.json", StringComparison.Ordinal));
    }

    private static Task<IReadOnlyList<string>> KeptAsync(SigningWorld world, string prefix) =>
        world.Get<StorageClient>().ListAsync(EvidenceBucket.Default(SigningWorld.Project).Name, prefix, TestContext.Current.CancellationToken);

    /// <summary>A copy of the published folder with the three files that configure it.</summary>
    private void CopyAndConfigure(string published, SigningWorld world)
    {
        foreach (var file in Directory.EnumerateFiles(published).Where(file => Path.GetExtension(file) is not (".dbg" or ".pdb" or ".xml")))
        {
            File.Copy(file, Path.Combine(copy.FullName, Path.GetFileName(file)));
        }

        File.Copy(world.PolicyPath, Path.Combine(copy.FullName, "approval.yaml"), overwrite: true);
        File.WriteAllText(Path.Combine(copy.FullName, "alerts.yaml"), $"project: {SigningWorld.Project}\nenvironments:\n  production: {{projects: [{SigningWorld.Project}]}}\n");
        File.WriteAllText(
            Path.Combine(copy.FullName, "appsettings.json"),
            new JsonObject { ["BinAuthz"] = new JsonObject { ["Endpoint"] = world.Emulator.GrpcEndpoint.ToString() } }.ToJsonString());
    }
}
