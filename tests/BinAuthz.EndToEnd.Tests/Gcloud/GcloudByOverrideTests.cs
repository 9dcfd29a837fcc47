namespace BinAuthz.EndToEnd.Tests.Gcloud;

public sealed class GcloudByOverrideTests(GcloudEmulator shared) : GcloudTests(GcloudMode.Override, shared)
{
    public static TheoryData<string> Scenarios => Half(0);

    /// <summary>Every other scenario.</summary>
    public static TheoryData<string> Half(int first) => [.. In(GcloudMode.Override).Select(row => row.Data).Where((_, place) => place % 2 == first)];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public Task Gcloud_ByEndpointOverride_EndsAsOnGoogle(string scenario) => RunAsync(scenario);
}
