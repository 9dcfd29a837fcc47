using BinAuthz.GoogleCloud;
using BinAuthz.Tests.Auditing;
using BinAuthz.Tests.Auditing.Facts;
using Google.Cloud.Kms.V1;
using Google.Cloud.Logging.V2;
using Google.Cloud.PubSub.V1;
using Google.Protobuf;
using Grafeas.V1;
using Grpc.Core;

namespace BinAuthz.Tests.GoogleCloud;

/// <summary>A service that names the same next page for ever.</summary>
public sealed class EndlessListTests
{
    private static readonly Dictionary<string, (IMessage Page, Func<GoogleChannels, Task> List)> Lists = new()
    {
        ["ListSubscriptions"] = (new ListSubscriptionsResponse { NextPageToken = "again" }, channels => new SubscriptionClient(channels).ListAsync(CleanFacts.Project, Stop)),
        ["ListSinks"] = (new ListSinksResponse { NextPageToken = "again" }, channels => new LogSinkClient(channels).ListAsync(CleanFacts.Project, Stop)),
        ["ListCryptoKeyVersions"] = (new ListCryptoKeyVersionsResponse { NextPageToken = "again" }, channels => new KeyManagementClient(channels).ListEnabledVersionsAsync(CleanFacts.Subject.Key, Stop)),
        ["ListNoteOccurrences"] = (new ListNoteOccurrencesResponse { NextPageToken = "again" }, channels => new ContainerAnalysisClient(channels, TimeProvider.System).ListAttestationsAsync(CleanFacts.Attestor.Note, [Digest], Stop)),
        ["ListOccurrences"] = (new ListOccurrencesResponse { NextPageToken = "again" }, channels => new ContainerAnalysisClient(channels, TimeProvider.System).ListAttestationsAsync(CleanFacts.Project, Digest, Stop)),
    };

    public static TheoryData<string> Methods => [.. Lists.Keys];

    private static BinAuthz.Images.ImageDigest Digest => BinAuthz.Images.ImageDigest.Of("x"u8);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task List_NextPageIsTheSame_IsOutOfRange(string method)
    {
        using var google = new StubGoogle();

        var error = await Assert.ThrowsAsync<GoogleCallException>(() => Lists[method].List(google.On(method, StubGoogle.Any, Lists[method].Page).Channels));

        Assert.Equal((method, StatusCode.OutOfRange, false), (error.Method, error.Status, error.IsTransient));
        Assert.Equal(2, google.Asked.Count);
    }
}
