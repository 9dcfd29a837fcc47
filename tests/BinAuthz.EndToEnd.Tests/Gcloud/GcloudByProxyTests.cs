namespace BinAuthz.EndToEnd.Tests.Gcloud;

public sealed class GcloudByProxyTests(GcloudEmulator shared) : GcloudTests(GcloudMode.Proxy, shared)
{
    public static TheoryData<string> Scenarios => In(GcloudMode.Proxy);

    [Theory]
    [MemberData(nameof(Scenarios))]
    public Task Gcloud_ByForwardProxy_EndsAsOnGoogle(string scenario) => RunAsync(scenario);
}
