using Google.Cloud.PubSub.V1;
using Grpc.Core;

namespace BinAuthz.Emulator.Tests.PubSub;

public sealed class FilterTests
{
    [Theory]
    [InlineData("attributes.action = \"INSERT\"", true)]
    [InlineData("attributes.action=\"INSERT\"", true)]
    [InlineData("attributes.action = \"DELETE\"", false)]
    [InlineData("attributes.action != \"DELETE\"", true)]
    [InlineData("attributes.absent != \"DELETE\"", false)]
    [InlineData("attributes:action", true)]
    [InlineData("attributes:absent", false)]
    [InlineData("attributes:\"example.com/kind\"", true)]
    [InlineData("attributes.\"example.com/kind\" = \"a \\\"b\\\"\"", true)]
    [InlineData("hasPrefix(attributes.action, \"INS\")", true)]
    [InlineData("hasPrefix(attributes.action, \"DEL\")", false)]
    [InlineData("NOT attributes:absent", true)]
    [InlineData("-attributes:action", false)]
    [InlineData("attributes:action AND attributes:absent", false)]
    [InlineData("attributes:action OR attributes:absent", true)]
    [InlineData("NOT (attributes:absent OR attributes.action = \"INSERT\")", false)]
    [InlineData("(attributes:action OR attributes:absent) AND NOT hasPrefix(attributes.action, \"DEL\")", true)]
    public async Task Publish_Filter_DeliversWhatMatches(string filter, bool delivered)
    {
        await using var pubsub = await PubSubFixture.StartAsync();
        await pubsub.SubscribeAsync(subscription => subscription.Filter = filter);

        await pubsub.PublishAsync([new PubsubMessage { Attributes = { ["action"] = "INSERT", ["example.com/kind"] = "a \"b\"" } }]);

        Assert.Equal(delivered ? 1 : 0, (await pubsub.PullAsync()).Count);
    }

    [Theory]
    [InlineData("data = \"x\"", "position 1")]
    [InlineData("attributes.action = INSERT", "position 21")]
    [InlineData("attributes.action > \"a\"", "position 19")]
    [InlineData("attributes:a AND attributes:b OR attributes:c", "position 31")]
    [InlineData("attributes:a attributes:b", "position 14")]
    [InlineData("(attributes:a", "position 14")]
    [InlineData("attributes.action = \"open", "position 21")]
    [InlineData("hasPrefix(attributes:a, \"x\")", "position 21")]
    [InlineData("attributes:a AND", "position 17")]
    public async Task CreateSubscription_BadFilter_InvalidArgumentNamesThePosition(string filter, string position)
    {
        await using var pubsub = await PubSubFixture.StartAsync();

        var error = await Assert.ThrowsAsync<RpcException>(() => pubsub.SubscribeAsync(subscription => subscription.Filter = filter));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains(position, error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreateSubscription_LongFilter_InvalidArgument()
    {
        await using var pubsub = await PubSubFixture.StartAsync();

        var error = await Assert.ThrowsAsync<RpcException>(() => pubsub.SubscribeAsync(subscription => subscription.Filter = "attributes:" + new string('a', 246)));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
    }
}
