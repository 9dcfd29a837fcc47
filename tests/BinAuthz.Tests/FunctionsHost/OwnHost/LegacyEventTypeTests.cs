using System.Net;

namespace BinAuthz.Tests.FunctionsHost.OwnHost;

/// <summary>First-generation event types that the official framework answers with 400.</summary>
public sealed class LegacyEventTypeTests
{
    [Fact]
    public async Task Event_RemoteConfigUnderItsProvider_IsConverted()
    {
        await using var host = await FunctionHost.StartAsync<RecordingFunction>();

        var status = await host.PostAsync(
            """{"eventId":"e-1","eventType":"providers/firebase.remoteConfig/remoteconfig.update","resource":"projects/acme","data":{}}""",
            "application/json");

        Assert.Equal(HttpStatusCode.OK, status);
        var cloudEvent = host.Events.Only.Event;
        Assert.Equal("google.firebase.remoteconfig.remoteConfig.v1.updated", cloudEvent.Type);
        Assert.Equal("//firebaseremoteconfig.googleapis.com/projects/acme", cloudEvent.Source?.ToString());
        Assert.Null(cloudEvent.Subject);
    }
}
