using System.Net;
using Grpc.Core;

namespace BinAuthz.EndToEnd.Tests.Signing;

public sealed class SignImageFunctionTests
{
    [Fact]
    public async Task HandleAsync_PushOfABuiltImage_IsAcknowledgedAndAttested()
    {
        await using var function = await FunctionWorld.StartAsync();
        var image = await function.World.PushBuiltAsync();

        Assert.Equal(HttpStatusCode.OK, await function.PostAsync($$"""{"action":"INSERT","digest":"{{image}}"}"""));

        Assert.Single(await function.World.AttestationsAsync(image.Digest));
    }

    [Fact]
    public async Task HandleAsync_ProvenanceStored_AttestsTheImageItIsAbout()
    {
        await using var function = await FunctionWorld.StartAsync();
        var image = await function.World.PushBuiltAsync();
        var provenance = Assert.Single(await function.World.Get<BinAuthz.GoogleCloud.ContainerAnalysisClient>().ListProvenanceAsync(SigningWorld.Project, image, TestContext.Current.CancellationToken));

        Assert.Equal(HttpStatusCode.OK, await function.PostAsync($$"""{"name":"{{provenance.OccurrenceName}}","kind":"BUILD","notificationTime":"2026-10-01T08:16:40Z"}"""));

        Assert.Single(await function.World.AttestationsAsync(image.Digest));
    }

    [Theory]
    [InlineData("""{"action":"DELETE","tag":"us-central1-docker.pkg.dev/acme-prod/app/server:1"}""")]
    [InlineData("""{"name":"projects/acme-prod/occurrences/gone","kind":"BUILD"}""")]
    public async Task HandleAsync_NothingToSign_IsQuietlyAcknowledged(string message)
    {
        await using var function = await FunctionWorld.StartAsync();

        Assert.Equal(HttpStatusCode.OK, await function.PostAsync(message));

        Assert.Equal(0, function.World.Emulator.Requests.Count("AsymmetricSign"));
    }

    [Fact]
    public async Task HandleAsync_MessageThatCannotBeRead_IsAcknowledgedAndKept()
    {
        await using var function = await FunctionWorld.StartAsync();

        Assert.Equal(HttpStatusCode.OK, await function.PostAsync("{\"action\":", messageId: "7001"));

        var copy = await function.World.Http.GetStringAsync(new Uri("/storage/v1/b/acme-prod-binauthz-evidence/o/poison%2F7001?alt=media", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains("7001", copy, StringComparison.Ordinal);
        Assert.Contains(Convert.ToBase64String("{\"action\":"u8), copy, StringComparison.Ordinal);
        Assert.True(await function.Log.ContainsAsync("PoisonEvent", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task HandleAsync_ApiUnavailable_IsLeftForRedelivery()
    {
        await using var function = await FunctionWorld.StartAsync();
        var image = await function.World.PushBuiltAsync();
        function.World.Emulator.Faults.FailNext("CreateOccurrence", StatusCode.Unavailable);

        Assert.Equal(HttpStatusCode.InternalServerError, await function.PostAsync($$"""{"action":"INSERT","digest":"{{image}}"}"""));
        Assert.Equal(HttpStatusCode.OK, await function.PostAsync($$"""{"action":"INSERT","digest":"{{image}}"}"""));

        Assert.Single(await function.World.AttestationsAsync(image.Digest));
    }

    [Fact]
    public async Task HandleAsync_PermissionMissing_IsLeftForRedeliveryAndCallsTheOperator()
    {
        await using var function = await FunctionWorld.StartAsync();
        var image = await function.World.PushBuiltAsync();
        function.World.Emulator.Faults.FailNext("AsymmetricSign", StatusCode.PermissionDenied);

        Assert.Equal(HttpStatusCode.InternalServerError, await function.PostAsync($$"""{"action":"INSERT","digest":"{{image}}"}"""));

        Assert.True(await function.Log.ContainsAsync("OperatorNeeded", TestContext.Current.CancellationToken));
    }
}
