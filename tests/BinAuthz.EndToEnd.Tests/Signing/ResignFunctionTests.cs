using System.Net;
using System.Text;
using BinAuthz.GoogleCloud;
using BinAuthz.Keys;
using BinAuthz.Signing;
using Grpc.Core;

namespace BinAuthz.EndToEnd.Tests.Signing;

public sealed class ResignFunctionTests
{
    [Fact]
    public async Task HandleAsync_RequestToResign_IsAcknowledgedAndTold()
    {
        await using var function = await FunctionWorld.StartAsync();
        var world = function.World;
        var image = await world.PushBuiltAsync();
        await world.SignAsync(image);
        var data = new ResignRequest(world.Attestor, world.Key.Version(1), [image, ResignWorld.NewImage()]).ToJson();

        Assert.Equal(HttpStatusCode.OK, await function.PostAsync(Encoding.UTF8.GetString(data), messageId: "8001"));

        Assert.True(await function.Log.ContainsAsync($"Message 8001 about {image} for {world.Attestor} ended already_signed", TestContext.Current.CancellationToken));
        Assert.True(await function.Log.ContainsAsync("ended not_attested", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task HandleAsync_VersionThatMayNotSignYet_IsLeftForRedeliveryWithoutTheOperator()
    {
        await using var function = await FunctionWorld.StartAsync();
        var world = function.World;
        var image = await world.PushBuiltAsync();
        await world.SignAsync(image);
        var attestor = await world.Get<BinaryAuthorizationClient>().FindAttestorAsync(world.Attestor, TestContext.Current.CancellationToken);
        await world.Get<BinaryAuthorizationClient>().AddKeyAsync(world.Attestor, attestor!.Keys[0] with { Id = world.Key.Version(2).PublicKeyId, Comment = TrustedSince.Comment(TimeProvider.System.GetUtcNow()) }, TestContext.Current.CancellationToken);
        var data = new ResignRequest(world.Attestor, world.Key.Version(2), [image]).ToJson();

        Assert.Equal(HttpStatusCode.InternalServerError, await function.PostAsync(Encoding.UTF8.GetString(data), messageId: "8002"));

        Assert.True(await function.Log.ContainsAsync("Message 8002 is left for redelivery: Images are to be signed anew", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task HandleAsync_RequestToWeigh_OneThatFailsHoldsBackNoOther()
    {
        await using var function = await FunctionWorld.StartAsync();
        var world = function.World;
        var built = new[] { await world.PushBuiltAsync(), await world.PushBuiltAsync(), await world.PushBuiltAsync() };
        var unbuilt = await world.PushAsync();
        var data = Encoding.UTF8.GetString(new WeighRequest([.. built, unbuilt]).ToJson());
        world.Emulator.Faults.FailNext("CreateOccurrence", StatusCode.Unavailable);

        Assert.Equal(HttpStatusCode.InternalServerError, await function.PostAsync(data));
        Assert.Equal(2, (await world.AttestationsAsync([.. built.Select(image => image.Digest)])).Count);
        Assert.Equal(HttpStatusCode.OK, await function.PostAsync(data));

        Assert.Equal(3, (await world.AttestationsAsync([.. built.Select(image => image.Digest)])).Count);
        Assert.Empty(await world.AttestationsAsync(unbuilt.Digest));
    }
}
