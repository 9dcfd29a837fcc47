namespace BinAuthz.EndToEnd.Tests.Gcloud;

/// <summary>The other half of the scenarios.</summary>
public sealed class GcloudByOverrideTooTests(GcloudEmulator shared) : GcloudTests(GcloudMode.Override, shared)
{
    public static TheoryData<string> Scenarios => GcloudByOverrideTests.Half(1);

    [Theory]
    [MemberData(nameof(Scenarios))]
    public Task Gcloud_ByEndpointOverride_EndsAsOnGoogle(string scenario) => RunAsync(scenario);
}
