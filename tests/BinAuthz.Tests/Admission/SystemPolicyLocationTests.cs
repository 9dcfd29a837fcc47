using BinAuthz.Admission;

namespace BinAuthz.Tests.Admission;

public sealed class SystemPolicyLocationTests
{
    [Theory]
    [InlineData(null, "global")]
    [InlineData("us-central1.prod", "us-central1")]
    [InlineData("us-central1-a.prod", "us-central1")]
    [InlineData("prod", "global")]
    public void Of_Cluster_IsItsRegion(string? cluster, string location) => Assert.Equal(location, SystemPolicyLocation.Of(cluster));
}
