namespace BinAuthz.Emulator.Tests.Iam;

/// <summary>Service accounts, as gcloud iam service-accounts creates, lists, describes and deletes them, and policies that name them.</summary>
public sealed class ServiceAccountTests
{
    private const string Accounts = "/v1/projects/acme-prod/serviceAccounts";
    private const string Email = "production-signer@acme-prod.iam.gserviceaccount.com";
    private const string Body = """{"accountId":"production-signer","serviceAccount":{"displayName":"Signer","description":"signs"}}""";
    private const string Policy = $$$"""{"policy":{"bindings":[{"role":"roles/viewer","members":["serviceAccount:{{{Email}}}"]}]}}""";

    [Fact]
    public async Task Account_ThroughItsLife_IsReadBack()
    {
        await using var emulator = await TestEmulator.StartAsync(new EmulatorOptions());

        var (created, account) = await emulator.SendAsync(HttpMethod.Post, Accounts, Body);
        var (again, _) = await emulator.SendAsync(HttpMethod.Post, Accounts, Body);
        var (_, listed) = await emulator.SendAsync(HttpMethod.Get, $"{Accounts}?pageSize=100");
        var (_, described) = await emulator.SendAsync(HttpMethod.Get, $"/v1/projects/-/serviceAccounts/{Email}");
        var (deleted, _) = await emulator.SendAsync(HttpMethod.Delete, $"{Accounts}/{Email}");
        var (gone, _) = await emulator.SendAsync(HttpMethod.Get, $"{Accounts}/{Email}");

        Assert.Equal((200, 409, 200, 404), (created, again, deleted, gone));
        Assert.Equal(($"projects/acme-prod/serviceAccounts/{Email}", Email, "acme-prod", "Signer", "signs"), ((string?)account["name"], (string?)account["email"], (string?)account["projectId"], (string?)account["displayName"], (string?)account["description"]));
        Assert.Matches("^1[0-9]{20}$", (string?)account["uniqueId"]);
        Assert.Equal(Email, (string?)Assert.Single(listed["accounts"]!.AsArray())!["email"]);
        Assert.Equal(account.ToJsonString(), described.ToJsonString());
    }

    [Theory]
    [InlineData("POST", Accounts, """{"accountId":"short"}""", 400)]
    [InlineData("POST", Accounts, """{"accountId":"Production-Signer"}""", 400)]
    [InlineData("POST", Accounts, """{"accountId":"a23456789012345678901234567890b"}""", 400)]
    [InlineData("GET", $"{Accounts}/{Email}", null, 404)]
    [InlineData("DELETE", $"{Accounts}/{Email}", null, 404)]
    public async Task Request_Wrong_IsRefusedAsOnGoogle(string method, string path, string? body, int expected)
    {
        await using var emulator = await TestEmulator.StartAsync(new EmulatorOptions());

        Assert.Equal(expected, (await emulator.SendAsync(new HttpMethod(method), path, body)).Status);
    }

    [Fact]
    public async Task Policy_AccountMadeAMomentAgo_DoesNotKnowItYet()
    {
        var clock = new MovedClock();
        await using var emulator = await TestEmulator.StartAsync(new EmulatorOptions { TimeProvider = clock });
        emulator.Host.Switches.ServiceAccountPropagation = TimeSpan.FromSeconds(60);
        await emulator.SendAsync(HttpMethod.Post, Accounts, Body);

        var (early, refusal) = await emulator.SendAsync(HttpMethod.Post, "/v1/projects/acme-prod:setIamPolicy", Policy);
        clock.Offset = TimeSpan.FromSeconds(61);
        var (late, _) = await emulator.SendAsync(HttpMethod.Post, "/v1/projects/acme-prod:setIamPolicy", Policy);

        Assert.Equal((400, 200), (early, late));
        Assert.Equal($"Service account {Email} does not exist.", (string?)refusal["error"]!["message"]);
    }

    [Fact]
    public async Task Policy_OfAProject_KeepsItsAuditLogsUnlessTheMaskNamesThem()
    {
        await using var emulator = await TestEmulator.StartAsync(new EmulatorOptions());
        const string Logs = """{"policy":{"auditConfigs":[{"service":"cloudkms.googleapis.com","auditLogConfigs":[{"logType":"DATA_READ"}]}]},"updateMask":"bindings,etag,auditConfigs"}""";
        await emulator.SendAsync(HttpMethod.Post, "/v1/projects/acme-prod:setIamPolicy", Logs);

        var (_, kept) = await emulator.SendAsync(HttpMethod.Post, "/v1/projects/acme-prod:setIamPolicy", Policy);
        var (_, cleared) = await emulator.SendAsync(HttpMethod.Post, "/v1/projects/acme-prod:setIamPolicy", """{"policy":{},"updateMask":"bindings,etag,auditConfigs"}""");

        Assert.Equal(("cloudkms.googleapis.com", "roles/viewer"), ((string?)kept["auditConfigs"]![0]!["service"], (string?)kept["bindings"]![0]!["role"]));
        Assert.Null(cleared["auditConfigs"]);
    }

    private sealed class MovedClock : TimeProvider
    {
        public TimeSpan Offset { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset;
    }
}
