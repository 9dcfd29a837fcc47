using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Signing;

namespace BinAuthz.EndToEnd.Tests.Signing;

/// <summary>Who pushed decides, by the audit log that the pushes leave.</summary>
public sealed class PushedByTests
{
    private const string Ci = "ci@acme-prod.iam.gserviceaccount.com";
    private const string Mallory = "mallory@acme.example";
    private const string Policy = $"""
        environment: production
        attestor: projects/acme-prod/attestors/production-attestor
        rules:
          repositories: [us-central1-docker.pkg.dev/acme-prod/app/**]
          provenance: none
          pushedBy: [{Ci}]
        """;

    [Theory]
    [InlineData(SigningWorld.Repository, false)]
    [InlineData(SigningWorld.Repository, true)]
    [InlineData("us-central1-docker.pkg.dev/acme-prod/app/team/my.server", false)]
    public async Task SignAsync_PushedByCi_IsSignedWhateverNeighboursGet(string repository, bool index)
    {
        await using var world = await SigningWorld.StartAsync(policy: Policy);
        foreach (var neighbour in new[] { $"{repository}-evil", $"{repository}/evil", "us-central1-docker.pkg.dev/acme-prod/app/team/my-server", "us-central1-docker.pkg.dev/acme-prod/other/server" })
        {
            await PushAsync(world, Mallory, repository: neighbour);
        }

        var image = await PushAsync(world, Ci, index, repository);

        var signed = Assert.IsType<SigningOutcome.Signed>(await world.SignAsync(image));
        Assert.Equal("pusher-allowed", signed.Rules[^1].Code);
        Assert.NotEmpty(signed.Rules[^1].Evidence);
    }

    [Theory]
    [InlineData(Mallory, "mallory@acme.example pushed")]
    [InlineData(null, "anonymous pushed")]
    public async Task SignAsync_PushedByAnother_IsRejectedByName(string? principal, string reason)
    {
        await using var world = await SigningWorld.StartAsync(policy: Policy);

        var rejected = Assert.IsType<SigningOutcome.Rejected>(await world.SignAsync(await PushAsync(world, principal)));

        Assert.Contains("[pusher-not-allowed]", rejected.Detail, StringComparison.Ordinal);
        Assert.Contains(reason, rejected.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignAsync_ImageOfAnotherUnderATagThatCiPushed_IsRejected()
    {
        await using var world = await SigningWorld.StartAsync(policy: Policy);
        var evil = await PushAsync(world, Mallory);
        await PushAsync(world, Ci);

        Assert.IsType<SigningOutcome.Rejected>(await world.SignAsync(evil));
    }

    [Fact]
    public async Task SignAsync_WithoutAuditLogs_WaitsAndSaysWhatToTurnOn()
    {
        await using var world = await SigningWorld.StartAsync(policy: Policy);
        world.Emulator.Switches.AuditPushes = false;

        var waiting = Assert.IsType<SigningOutcome.NotReady>(await world.SignAsync(await PushAsync(world, Ci)));

        Assert.Contains("[push-unknown]", waiting.Detail, StringComparison.Ordinal);
        Assert.Contains("DATA_WRITE", waiting.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HandleAsync_AuditEntryOfAPushByDigest_SignsWithoutAskingTheLog()
    {
        await using var function = await FunctionWorld.StartAsync(Policy);
        function.World.Emulator.Switches.AuditPushes = false;
        var image = await PushAsync(function.World, Ci);

        Assert.Equal(HttpStatusCode.OK, await function.PostAsync(Entry(image, image.Digest.Value)));

        Assert.Single(await function.World.AttestationsAsync(image.Digest));
        Assert.Equal(0, function.World.Emulator.Requests.Count("ListLogEntries"));
    }

    [Fact]
    public async Task HandleAsync_AuditEntryOfAPushByTag_SignsWhatTheTagMeans()
    {
        await using var function = await FunctionWorld.StartAsync(Policy);
        function.World.Emulator.Switches.AuditPushes = false;
        var image = await PushAsync(function.World, Ci);

        Assert.Equal(HttpStatusCode.OK, await function.PostAsync(Entry(image, await TagAsync(function.World, image))));

        Assert.Single(await function.World.AttestationsAsync(image.Digest));
    }

    [Fact]
    public async Task HandleAsync_TagOfCiWithTheImageOfAnother_SignsNothing()
    {
        await using var function = await FunctionWorld.StartAsync(Policy);
        var evil = await PushAsync(function.World, Mallory);

        // CI's own push of that tag a moment before, with the digest that the tag has lost.
        Assert.Equal(HttpStatusCode.OK, await function.PostAsync(Entry(evil, await TagAsync(function.World, evil))));

        Assert.Empty(await function.World.AttestationsAsync(evil.Digest));
        Assert.Equal(1, function.World.Emulator.Requests.Count("ListLogEntries"));
    }

    private static async Task<ImageReference> PushAsync(SigningWorld world, string? principal, bool index = false, string repository = SigningWorld.Repository)
    {
        world.Http.DefaultRequestHeaders.Authorization = principal is null ? null : new AuthenticationHeaderValue("Bearer", principal);
        return await world.PushAsync(index: index, repository: repository);
    }

    private static async Task<string> TagAsync(SigningWorld world, ImageReference image)
    {
        Assert.True(RepositoryPath.TryParse(image.Name, out var repository));
        var registered = await world.Get<ArtifactRegistryClient>().FindAsync(repository, image.Digest, TestContext.Current.CancellationToken);
        return Assert.Single(registered!.Tags);
    }

    private static string Entry(ImageReference image, string reference)
    {
        var path = image.Repository.Split('/', 3);
        return new JsonObject
        {
            ["insertId"] = "e1",
            ["logName"] = "projects/acme-prod/logs/cloudaudit.googleapis.com%2Fdata_access",
            ["timestamp"] = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture),
            ["protoPayload"] = new JsonObject
            {
                ["serviceName"] = "artifactregistry.googleapis.com",
                ["methodName"] = "Docker-PutManifest",
                ["resourceName"] = $"projects/{path[0]}/locations/us-central1/repositories/{path[1]}/dockerImages/{Uri.EscapeDataString(path[2])}",
                ["authenticationInfo"] = new JsonObject { ["principalEmail"] = Ci },
                ["request"] = new JsonObject { ["requestUrl"] = $"/v2/{image.Repository}/manifests/{reference}" },
                ["status"] = new JsonObject(),
            },
        }.ToJsonString();
    }
}
