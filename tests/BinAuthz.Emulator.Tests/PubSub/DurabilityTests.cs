using Google.Cloud.PubSub.V1;

namespace BinAuthz.Emulator.Tests.PubSub;

public sealed class DurabilityTests : IDisposable
{
    private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("binauthz-pubsub-");

    [Fact]
    public async Task Restart_DataDirectory_KeepsSubscriptionsAndUndelivered()
    {
        await using (var before = await PubSubFixture.StartAsync(data: data.FullName))
        {
            await PrepareAsync(before);
        }

        await using var after = await PubSubFixture.StartAsync(data: data.FullName);

        Assert.Equal(["leased", "waiting"], await after.PullTextsAsync());
        var next = await after.PublishAsync("next");
        Assert.Equal(next, (await after.PullAsync()).Select(message => message.Message.MessageId));
    }

    [Fact]
    public async Task Kill_AfterPublish_LosesNothingThatWasAnswered()
    {
        await using var killed = await PubSubFixture.StartAsync(data: data.FullName);
        await PrepareAsync(killed);
        // What the files hold while the process lives is what kill -9 leaves.
        var left = data.CreateSubdirectory("left");
        foreach (var file in data.GetFiles())
        {
            await using var source = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            await using var target = File.Create(Path.Combine(left.FullName, file.Name));
            await source.CopyToAsync(target, TestEmulator.Stop);
        }

        await using var after = await PubSubFixture.StartAsync(data: left.FullName);

        Assert.Equal(["leased", "waiting"], await after.PullTextsAsync());
    }

    [Fact]
    public async Task Restart_PushSubscription_PushesWhatWasLeft()
    {
        await using var receiver = await PushReceiver.StartAsync(_ => Task.FromResult(500));
        await using (var before = await PubSubFixture.StartAsync(data: data.FullName))
        {
            await before.Publisher.CreateTopicAsync(new Topic { Name = PubSubFixture.Topic }, cancellationToken: TestEmulator.Stop);
            await before.SubscribeAsync(subscription => subscription.PushConfig = new PushConfig { PushEndpoint = receiver.Endpoint.ToString() });
            await before.PublishAsync("x");
            await receiver.NextAsync();
        }

        while (receiver.Waiting > 0)
        {
            await receiver.NextAsync();
        }

        await using var after = await PubSubFixture.StartAsync(data: data.FullName);

        Assert.Contains("\"data\":\"eA==\"", (await receiver.NextAsync()).Body, StringComparison.Ordinal);
    }

    public void Dispose() => data.Delete(recursive: true);

    private static async Task PrepareAsync(PubSubFixture pubsub)
    {
        await pubsub.Publisher.CreateTopicAsync(new Topic { Name = PubSubFixture.Topic }, cancellationToken: TestEmulator.Stop);
        await pubsub.SubscribeAsync();
        await pubsub.PublishAsync("acknowledged");
        await pubsub.AcknowledgeAsync(await pubsub.PullAsync());
        await pubsub.PublishAsync("leased");
        await pubsub.PullAsync();
        await pubsub.PublishAsync("waiting");
    }
}
