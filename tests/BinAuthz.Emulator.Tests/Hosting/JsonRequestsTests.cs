namespace BinAuthz.Emulator.Tests.Hosting;

public sealed class JsonRequestsTests
{
    private const string GenerateToken = "/v1/projects/-/serviceAccounts/signer@acme-prod.iam.gserviceaccount.com:generateAccessToken";

    [Theory]
    [InlineData("""{"delegates": null, "scope": ["https://www.googleapis.com/auth/cloud-platform"], "lifetime": "3600s"}""")]
    [InlineData("""{"delegates": [], "scope": null, "lifetime": null}""")]
    public async Task Normalise_NullField_IsAsGoodAsNone(string body)
    {
        await using var emulator = await TestEmulator.StartAsync();

        var (status, answer) = await emulator.SendAsync(HttpMethod.Post, GenerateToken, body);

        Assert.Equal((200, "signer@acme-prod.iam.gserviceaccount.com"), (status, (string?)answer["accessToken"]));
        Assert.DoesNotContain('.', $"{answer["expireTime"]}");
    }

    [Fact]
    public async Task Normalise_UnknownField_IsRefusedByName()
    {
        await using var emulator = await TestEmulator.StartAsync();

        var (status, answer) = await emulator.SendAsync(HttpMethod.Post, GenerateToken, """{"scopes": null}""");

        Assert.Equal((400, "INVALID_ARGUMENT"), (status, (string?)answer["error"]!["status"]));
        Assert.Contains("\"scopes\"", (string?)answer["error"]!["message"], StringComparison.Ordinal);
    }
}
