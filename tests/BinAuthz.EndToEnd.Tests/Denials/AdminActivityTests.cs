using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using BinAuthz.Denials;
using BinAuthz.EndToEnd.Tests.Signing;
using BinAuthz.GoogleCloud;
using BinAuthz.Keys;

namespace BinAuthz.EndToEnd.Tests.Denials;

/// <summary>From a change of what is trusted, over the API, to a finding of the sink.</summary>
public sealed class AdminActivityTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_UpdateAttestor_IsATrustChange()
    {
        await using var world = await SigningWorld.StartAsync();
        var (pem, algorithm) = await world.Get<KeyManagementClient>().GetPublicKeyAsync(world.Key.Version(1), Stop);

        await world.Get<BinaryAuthorizationClient>().AddKeyAsync(world.Attestor, new AttestorKey("ni:///sha-256;other", pem, algorithm, ""), Stop);

        var finding = Assert.Single(await FindingsAsync(world));
        Assert.Equal((FindingKind.TrustChange, new TrustChange(TrustChangeKind.Attestor, world.Attestor.ToString(), "UpdateAttestor")), (finding.Kind, finding.Change));
    }

    [Fact]
    public async Task Read_KeyVersionThroughItsStates_IsATrustChangeEachTimeButItsCreation()
    {
        await using var world = await SigningWorld.StartAsync();
        await SendAsync(world, HttpMethod.Post, $"v1/{world.Key}/cryptoKeyVersions", []);
        await SendAsync(world, HttpMethod.Patch, $"v1/{world.Key.Version(1)}?updateMask=state", new JsonObject { ["state"] = "DISABLED" });
        await SendAsync(world, HttpMethod.Patch, $"v1/{world.Key.Version(1)}?updateMask=state", new JsonObject { ["state"] = "ENABLED" });
        await SendAsync(world, HttpMethod.Post, $"v1/{world.Key.Version(1)}:destroy", []);
        await SendAsync(world, HttpMethod.Post, $"v1/{world.Key.Version(1)}:restore", []);

        Assert.Equal(
            [TrustChangeKind.KeyDisabled, TrustChangeKind.KeyEnabled, TrustChangeKind.KeyDestroyed, TrustChangeKind.KeyRestored],
            (await FindingsAsync(world)).Select(finding => finding.Change!.Kind));
    }

    private static async Task<IReadOnlyList<Finding>> FindingsAsync(SigningWorld world)
    {
        var request = new JsonObject { ["resourceNames"] = new JsonArray($"projects/{SigningWorld.Project}"), ["filter"] = LogFilters.Sink };
        using var answer = await world.Http.PostAsJsonAsync("v2/entries:list", request, Stop);
        var listed = await answer.Content.ReadFromJsonAsync<JsonNode>(Stop);
        return [.. listed!["entries"]!.AsArray().SelectMany(entry => LogEntryReader.Read(Encoding.UTF8.GetBytes(entry!.ToJsonString())).Findings)];
    }

    private static async Task SendAsync(SigningWorld world, HttpMethod method, string path, JsonObject body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        using var answer = await world.Http.SendAsync(request, Stop);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }
}
