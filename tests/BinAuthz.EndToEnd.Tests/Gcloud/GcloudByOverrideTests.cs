namespace BinAuthz.EndToEnd.Tests.Gcloud;

public sealed class GcloudByOverrideTests(GcloudEmulator shared) : GcloudTests(GcloudMode.Override, shared)
{
    public static TheoryData<string> Scenarios => In(GcloudMode.Override);

    [Theory]
    [MemberData(nameof(Scenarios))]
    public Task Gcloud_ByEndpointOverride_EndsAsOnGoogle(string scenario) => RunAsync(scenario);
}
