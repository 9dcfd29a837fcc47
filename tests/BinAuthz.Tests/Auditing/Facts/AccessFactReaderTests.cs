using System.Net;
using BinAuthz.Auditing.Facts;
using BinAuthz.Checkup;
using BinAuthz.Checkup.Facts;
using BinAuthz.GoogleCloud;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.Tests.Auditing.Facts;

public sealed class AccessFactReaderTests
{
    [Fact]
    public async Task Read_WhatIsNotThere_GrantsNothingAndAProjectIsNotKnown()
    {
        using var google = new StubGoogle();

        var access = await ReadAsync(google);

        Assert.All(access.Of(IamResourceKind.Project), project => Assert.IsType<Fact<IamPolicy>.Unknown>(project.Policy));
        Assert.All(access.Policies.Where(each => each.Resource.Kind != IamResourceKind.Project), each => Assert.Empty(Assert.IsType<Fact<IamPolicy>.Known>(each.Policy).Value.Bindings));
        Assert.NotEmpty(access.Of(IamResourceKind.Project));
        Assert.NotEmpty(access.Of(IamResourceKind.Key));
    }

    [Fact]
    public async Task Read_WhatIsRefused_IsNotKnown()
    {
        using var google = new StubGoogle().On($"/v1/{CleanAccess.Key}:getIamPolicy", "{}", HttpStatusCode.Forbidden);

        Assert.IsType<Fact<IamPolicy>.Unknown>(Assert.Single((await ReadAsync(google)).Of(IamResourceKind.Key)).Policy);
    }

    private static async Task<AuditedAccess> ReadAsync(StubGoogle google)
    {
        await using var services = new ServiceCollection().AddAuditing(google.Options, CleanFacts.Project).AddSingleton(google.Channels).AddSingleton(google.Http).BuildServiceProvider();
        using var reader = new FactReader(CleanFacts.Project);
        return await services.GetRequiredService<AccessFactReader>().ReadAsync(reader, CleanFacts.Request, TestContext.Current.CancellationToken);
    }
}
