using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace BinAuthz.Emulator.Tests.Storage;

/// <summary>An emulator with one bucket.</summary>
public sealed class StorageFixture : IAsyncDisposable
{
    public const string Objects = "/storage/v1/b/acme-evidence/o";

    private StorageFixture(TestEmulator emulator) => Emulator = emulator;

    public TestEmulator Emulator { get; }

    public static async Task<StorageFixture> StartAsync(string? data = null, TimeProvider? time = null)
    {
        var fixture = new StorageFixture(await TestEmulator.StartAsync(new EmulatorOptions { DataDirectory = data, TimeProvider = time ?? TimeProvider.System }));
        var (status, _) = await fixture.Emulator.SendAsync(HttpMethod.Post, "/storage/v1/b?project=acme-prod", """{"name":"acme-evidence","location":"us-central1"}""");
        Assert.True(status == 200 || data is not null);
        return fixture;
    }

    /// <summary>Uploads as gcloud does: two parts, the boundary in apostrophes, lines that end in LF; with other line ends as the rest of the world does.</summary>
    public async Task<(int Status, JsonNode Json)> UploadAsync(string name, string content, string query = "", string newline = "\n", string extra = "")
    {
        var metadata = $$"""{"bucket":"acme-evidence","contentType":"application/json","name":"{{name}}"{{extra}}}""";
        var body = string.Join(newline, "--=====0123==", "Content-Type: application/json", "MIME-Version: 1.0", "", metadata, "--=====0123==", "Content-Type: application/json", "MIME-Version: 1.0", "Content-Transfer-Encoding: binary", "", content, "--=====0123==--");
        using var request = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        var quote = newline == "\n" ? '\'' : '"';
        request.Headers.TryAddWithoutValidation("Content-Type", $"multipart/related; boundary={quote}=====0123=={quote}");
        using var response = await Emulator.Rest.PostAsync(new Uri("/upload" + Objects + "?uploadType=multipart" + query, UriKind.Relative), request, TestEmulator.Stop);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(TestEmulator.Stop))!);
    }

    public async Task<HttpResponseMessage> PutAsync(Uri location, string content, string range)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, location) { Content = new StringContent(content) };
        request.Content.Headers.TryAddWithoutValidation("Content-Range", range);
        return await Emulator.Rest.SendAsync(request, TestEmulator.Stop);
    }

    public async Task<(HttpStatusCode Status, string Text)> DownloadAsync(string link, string? range = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, link);
        request.Headers.TryAddWithoutValidation("Range", range);
        using var response = await Emulator.Rest.SendAsync(request, TestEmulator.Stop);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestEmulator.Stop));
    }

    public ValueTask DisposeAsync() => Emulator.DisposeAsync();
}
