namespace BinAuthz.Emulator.Tests.Iam;

/// <summary>Custom roles, as gcloud iam roles makes, describes and deletes them.</summary>
public sealed class RoleTests
{
    private const string Roles = "/v1/projects/acme-prod/roles";
    private const string Body = """{"roleId":"mender","role":{"title":"Mender","includedPermissions":["a.b.get"],"stage":"GA"}}""";

    [Fact]
    public async Task Role_ThroughItsLife_IsReadBack()
    {
        await using var emulator = await TestEmulator.StartAsync(new EmulatorOptions());

        var (created, _) = await emulator.SendAsync(HttpMethod.Post, Roles, Body);
        var (again, _) = await emulator.SendAsync(HttpMethod.Post, Roles, Body);
        var (read, role) = await emulator.SendAsync(HttpMethod.Get, $"{Roles}/mender");
        await emulator.SendAsync(HttpMethod.Delete, $"{Roles}/mender");
        var (_, deleted) = await emulator.SendAsync(HttpMethod.Get, $"{Roles}/mender");

        Assert.Equal((200, 409, 200), (created, again, read));
        Assert.Equal(("projects/acme-prod/roles/mender", "a.b.get"), ((string?)role["name"], (string?)role["includedPermissions"]![0]));
        Assert.True((bool)deleted["deleted"]!);
    }

    [Fact]
    public async Task Role_PatchedAndUndeleted_HoldsWhatItIsTold()
    {
        await using var emulator = await TestEmulator.StartAsync(new EmulatorOptions());
        var (_, created) = await emulator.SendAsync(HttpMethod.Post, Roles, Body);
        await emulator.SendAsync(HttpMethod.Delete, $"{Roles}/mender");

        await emulator.SendAsync(HttpMethod.Post, $"{Roles}/mender:undelete", "{}");
        var (patched, role) = await emulator.SendAsync(HttpMethod.Patch, $"{Roles}/mender?updateMask=includedPermissions", $$"""{"title":"Other","includedPermissions":["a.b.list"],"etag":"{{created["etag"]}}"}""");
        var (late, refusal) = await emulator.SendAsync(HttpMethod.Patch, $"{Roles}/mender?updateMask=title", $$"""{"title":"Late","etag":"{{created["etag"]}}"}""");
        var (_, read) = await emulator.SendAsync(HttpMethod.Get, $"{Roles}/mender");

        Assert.Equal((200, 409, "ABORTED"), (patched, late, (string?)refusal["error"]!["status"]));
        Assert.Equal(("Mender", "a.b.list", null), ((string?)read["title"], (string?)Assert.Single(read["includedPermissions"]!.AsArray()), (bool?)read["deleted"]));
        Assert.NotEqual((string?)created["etag"], (string?)role["etag"]);
    }

    [Theory]
    [InlineData("GET", "/v1/projects/acme-prod/roles/none", null, 404)]
    [InlineData("GET", "/v1/organizations/1/roles/none", null, 404)]
    [InlineData("DELETE", "/v1/projects/acme-prod/roles/none", null, 404)]
    [InlineData("POST", "/v1/projects/acme-prod/roles", """{"roleId":"a-b"}""", 400)]
    [InlineData("PATCH", "/v1/projects/acme-prod/roles/none", "{}", 404)]
    [InlineData("POST", "/v1/projects/acme-prod/roles/none:undelete", "{}", 404)]
    public async Task Request_Wrong_IsRefusedAsOnGoogle(string method, string path, string? body, int expected)
    {
        await using var emulator = await TestEmulator.StartAsync(new EmulatorOptions());

        Assert.Equal(expected, (await emulator.SendAsync(new HttpMethod(method), path, body)).Status);
    }
}
