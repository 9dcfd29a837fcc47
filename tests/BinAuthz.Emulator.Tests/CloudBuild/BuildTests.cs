using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Google.Cloud.Kms.V1;

namespace BinAuthz.Emulator.Tests.CloudBuild;

public sealed class BuildTests
{
    private const string Image = "us-central1-docker.pkg.dev/acme-prod/app/server@sha256:708a5f9d8de66561de5129583928203b05587db98b695fa982ec4a5b8a3e94bc";

    [Fact]
    public async Task Build_Image_LeavesProvenanceThatTheVerifiedBuilderSigned()
    {
        await using var emulator = await TestEmulator.StartAsync();

        var (status, occurrence) = await BuildAsync(emulator, Image);

        var envelope = occurrence["envelope"]!;
        var signature = envelope["signatures"]![0]!;
        var key = await new KeyManagementService.KeyManagementServiceClient(emulator.Channel).GetPublicKeyAsync(
            new GetPublicKeyRequest { Name = (string)signature["keyid"]! }, cancellationToken: TestEmulator.Stop);
        var payload = Convert.FromBase64String((string)envelope["payload"]!);
        var type = (string)envelope["payloadType"]!;
        using var publicKey = ECDsa.Create();
        publicKey.ImportFromPem(key.Pem);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"DSSEv1 {type.Length} {type} {payload.Length} "), .. payload];
        Assert.Equal((200, "BUILD", "https://" + Image), (status, (string?)occurrence["kind"], (string?)occurrence["resourceUri"]));
        Assert.True(publicKey.VerifyData(signed, Convert.FromBase64String((string)signature["sig"]!), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(payload)!["subject"], occurrence["build"]!["inTotoSlsaProvenanceV1"]!["subject"]));
    }

    [Fact]
    public async Task Build_Image_HasTheMembersOfARealProvenance()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var real = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "testdata", "vuln", "build-provenance-slsa-v1.json"), TestEmulator.Stop))!;

        var (_, occurrence) = await BuildAsync(emulator, Image);

        Assert.Equal(Members(real["build"]!).Order(), Members(occurrence["build"]!).Order());
        Assert.Equal(Members(Payload(real)), Members(Payload(occurrence)));
        Assert.StartsWith("projects/acme-prod/notes/intoto_slsa_v1_", (string)occurrence["noteName"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_ByATrigger_NamesItBesideRepositoryAndRef()
    {
        await using var emulator = await TestEmulator.StartAsync();

        var (_, occurrence) = await emulator.SendAsync(
            HttpMethod.Post,
            "/emulator/v1/builds",
            $$"""{"image":"{{Image}}","sourceUri":"https://github.com/acme/web","ref":"refs/tags/v1","commit":"84a516841ba77a5b4648de2cd0dfcb30ea46dbb4","trigger":"projects/acme-prod/locations/us-central1/triggers/release"}""");

        var definition = Payload(occurrence)["predicate"]!["buildDefinition"]!;
        Assert.Equal("projects/acme-prod/locations/us-central1/triggers/release", (string?)definition["internalParameters"]!["triggerUri"]);
        Assert.Equal("git+https://github.com/acme/web", (string?)definition["externalParameters"]!["buildConfigSource"]!["repository"]);
        Assert.Equal("refs/tags/v1", (string?)definition["externalParameters"]!["buildConfigSource"]!["ref"]);
    }

    public static TheoryData<string> BadBuilds => new(
        "{}",
        """{"image":"us-central1-docker.pkg.dev/acme-prod/app/server:v1","sourceUri":"https://github.com/acme/web","ref":"refs/heads/main","commit":"c"}""",
        """{"image":"docker.io/library/nginx@sha256:708a5f9d8de66561de5129583928203b05587db98b695fa982ec4a5b8a3e94bc","sourceUri":"https://github.com/acme/web","ref":"refs/heads/main","commit":"c"}""",
        """{"image":"us-central1-docker.pkg.dev/acme-prod/app/server@sha256:708a5f9d8de66561de5129583928203b05587db98b695fa982ec4a5b8a3e94bc","sourceUri":"https://github.com/acme/web"}""");

    [Theory]
    [MemberData(nameof(BadBuilds))]
    public async Task Build_OfSomethingElse_IsRefused(string body)
    {
        await using var emulator = await TestEmulator.StartAsync();

        var (status, answer) = await emulator.SendAsync(HttpMethod.Post, "/emulator/v1/builds", body);

        Assert.Equal(400, status);
        Assert.NotEmpty((string)answer["error"]!);
    }

    private static Task<(int Status, JsonNode Json)> BuildAsync(TestEmulator emulator, string image) => emulator.SendAsync(HttpMethod.Post, "/emulator/v1/builds",
        $$"""{"image":"{{image}}","sourceUri":"https://github.com/acme/web","ref":"refs/heads/main","commit":"84a516841ba77a5b4648de2cd0dfcb30ea46dbb4"}""");

    private static JsonNode Payload(JsonNode occurrence) => JsonNode.Parse(Convert.FromBase64String((string)occurrence["envelope"]!["payload"]!))!;

    private static IEnumerable<string> Members(JsonNode? node, string path = "") => node switch
    {
        JsonObject json => json.SelectMany(member => Members(member.Value, path.Length == 0 ? member.Key : $"{path}.{member.Key}")).DefaultIfEmpty(path),
        JsonArray array => array.SelectMany(item => Members(item, path)),
        _ => [path],
    };
}
