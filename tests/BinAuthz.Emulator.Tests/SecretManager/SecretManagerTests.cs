using System.Text;

namespace BinAuthz.Emulator.Tests.SecretManager;

public sealed class SecretManagerTests
{
    private const string Secret = "/v1/projects/acme-prod/secrets/slack";

    [Fact]
    public async Task Access_Latest_IsTheNewestVersionWithItsChecksum()
    {
        await using var emulator = await WithVersionsAsync("first", "second");

        var (status, json) = await emulator.SendAsync(HttpMethod.Get, $"{Secret}/versions/latest:access");

        Assert.Equal(200, status);
        Assert.Equal("c2Vjb25k", (string?)json["payload"]!["data"]);
        // CRC-32C of "second", worked out bit by bit from its polynomial.
        Assert.Equal("2063438888", (string?)json["payload"]!["dataCrc32c"]);
        Assert.Matches(@"\Aprojects/\d{12}/secrets/slack/versions/2\z", (string?)json["name"]);
    }

    [Fact]
    public async Task Access_ByProjectNumber_IsTheSameSecret()
    {
        await using var emulator = await WithVersionsAsync("first");
        var (_, known) = await emulator.SendAsync(HttpMethod.Get, $"{Secret}/versions/1");

        var (status, json) = await emulator.SendAsync(HttpMethod.Get, $"/v1/{known["name"]}:access");

        Assert.Equal(200, status);
        Assert.Equal("Zmlyc3Q=", (string?)json["payload"]!["data"]);
    }

    [Fact]
    public async Task Access_DisabledThenEnabledThenDestroyed_FollowsTheState()
    {
        await using var emulator = await WithVersionsAsync("first");

        await emulator.SendAsync(HttpMethod.Post, $"{Secret}/versions/1:disable", "{}");
        var (disabled, why) = await emulator.SendAsync(HttpMethod.Get, $"{Secret}/versions/1:access");
        await emulator.SendAsync(HttpMethod.Post, $"{Secret}/versions/1:enable", "{}");
        var (enabled, _) = await emulator.SendAsync(HttpMethod.Get, $"{Secret}/versions/1:access");
        await emulator.SendAsync(HttpMethod.Post, $"{Secret}/versions/1:destroy", "{}");
        var (destroyed, _) = await emulator.SendAsync(HttpMethod.Get, $"{Secret}/versions/1:access");
        var (revived, _) = await emulator.SendAsync(HttpMethod.Post, $"{Secret}/versions/1:enable", "{}");

        Assert.Equal((400, 200, 400, 400), (disabled, enabled, destroyed, revived));
        Assert.Equal("FAILED_PRECONDITION", (string?)why["error"]!["status"]);
    }

    [Theory]
    [InlineData("POST", "/v1/projects/acme-prod/secrets?secretId=slack", """{"replication":{"automatic":{}}}""", 409)]
    [InlineData("POST", "/v1/projects/acme-prod/secrets?secretId=a.b", """{"replication":{"automatic":{}}}""", 400)]
    [InlineData("POST", "/v1/projects/acme-prod/secrets?secretId=other", "{}", 400)]
    [InlineData("POST", "/v1/projects/acme-prod/secrets/slack:addVersion", """{"payload":{"data":"eA==","dataCrc32c":"1"}}""", 400)]
    [InlineData("POST", "/v1/projects/acme-prod/secrets/slack:addVersion", "{}", 400)]
    [InlineData("POST", "/v1/projects/acme-prod/secrets/none:addVersion", """{"payload":{"data":"eA=="}}""", 404)]
    [InlineData("GET", "/v1/projects/acme-prod/secrets/none/versions/1:access", null, 404)]
    [InlineData("GET", "/v1/projects/acme-prod/secrets/slack/versions/9:access", null, 404)]
    [InlineData("GET", "/v1/projects/other/secrets/slack", null, 404)]
    [InlineData("DELETE", "/v1/projects/acme-prod/secrets/none", null, 404)]
    public async Task Request_Wrong_IsRefusedAsOnGoogle(string method, string path, string? body, int expected)
    {
        await using var emulator = await WithVersionsAsync("first");

        var (status, _) = await emulator.SendAsync(new HttpMethod(method), path, body);

        Assert.Equal(expected, status);
    }

    [Fact]
    public async Task List_VersionsAndSecrets_NewestVersionFirst()
    {
        await using var emulator = await WithVersionsAsync("first", "second");

        var (_, versions) = await emulator.SendAsync(HttpMethod.Get, $"{Secret}/versions");
        var (_, secrets) = await emulator.SendAsync(HttpMethod.Get, "/v1/projects/acme-prod/secrets");
        await emulator.SendAsync(HttpMethod.Delete, Secret);
        var (_, after) = await emulator.SendAsync(HttpMethod.Get, "/v1/projects/acme-prod/secrets");

        Assert.Equal(["2", "1"], versions["versions"]!.AsArray().Select(version => ((string)version!["name"]!).Split('/')[^1]));
        Assert.Single(secrets["secrets"]!.AsArray());
        Assert.Null(after["secrets"]);
    }

    [Fact]
    public async Task Restart_WithData_KeepsSecrets()
    {
        var folder = Directory.CreateTempSubdirectory("binauthz-secrets-");
        try
        {
            await using (await StartAsync(folder.FullName, "first"))
            {
            }

            await using var again = await TestEmulator.StartAsync(new EmulatorOptions { DataDirectory = folder.FullName });
            var (status, _) = await again.SendAsync(HttpMethod.Get, $"{Secret}/versions/1:access");

            Assert.Equal(200, status);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Task<TestEmulator> WithVersionsAsync(params string[] payloads) => StartAsync(null, payloads);

    private static async Task<TestEmulator> StartAsync(string? data, params string[] payloads)
    {
        var emulator = await TestEmulator.StartAsync(new EmulatorOptions { DataDirectory = data });
        await emulator.SendAsync(HttpMethod.Post, "/v1/projects/acme-prod/secrets?secretId=slack", """{"replication":{"automatic":{}}}""");
        foreach (var payload in payloads)
        {
            var (status, _) = await emulator.SendAsync(HttpMethod.Post, $"{Secret}:addVersion", $$$"""{"payload":{"data":"{{{Convert.ToBase64String(Encoding.UTF8.GetBytes(payload))}}}"}}""");
            Assert.Equal(200, status);
        }

        return emulator;
    }
}
