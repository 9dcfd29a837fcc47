using Google.Protobuf.WellKnownTypes;
using Grafeas.V1;
using Grpc.Core;

namespace BinAuthz.Emulator.Tests.ContainerAnalysis;

public sealed class NoteTests
{
    [Fact]
    public async Task CreateNote_OverRestAsTheGuideDoes_ServerSetsNameAndKind()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var body = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "testdata", "attestation", "note-create-request.json"), TestEmulator.Stop);

        var (status, note) = await emulator.SendAsync(HttpMethod.Post, "/v1/projects/acme-security/notes?noteId=release-signed", body);

        Assert.Equal((200, "projects/acme-security/notes/release-signed", "ATTESTATION"), (status, (string?)note["name"], (string?)note["kind"]));
        Assert.Equal("Release approval", (string?)note["attestation"]!["hint"]!["humanReadableName"]);
        Assert.Equal((string?)note["createTime"], (string?)note["updateTime"]);
    }

    [Fact]
    public async Task CreateNote_Twice_AlreadyExists()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var grafeas = await GrafeasFixture.StartAsync(emulator);

        var error = await Assert.ThrowsAsync<RpcException>(() => grafeas.CreateNoteAsync(GrafeasFixture.Project, "production-note"));

        Assert.Equal((StatusCode.AlreadyExists, "note ID \"production-note\" already exists in project \"acme-prod\""), (error.StatusCode, error.Status.Detail));
    }

    [Theory]
    [InlineData("", "{\"attestation\":{\"hint\":{}}}")]
    [InlineData("with/slash", "{\"attestation\":{\"hint\":{}}}")]
    [InlineData("note", "{}")]
    [InlineData("note", "{\"kind\":\"BUILD\",\"attestation\":{\"hint\":{}}}")]
    [InlineData("note", "{\"attestations\":{}}")]
    public async Task CreateNote_BadRequest_IsRefused(string id, string body)
    {
        await using var emulator = await TestEmulator.StartAsync();

        var (status, answer) = await emulator.SendAsync(HttpMethod.Post, $"/v1/projects/acme-prod/notes?noteId={Uri.EscapeDataString(id)}", body);

        Assert.Equal((400, "INVALID_ARGUMENT"), (status, (string?)answer["error"]!["status"]));
    }

    [Fact]
    public async Task BatchCreateNotes_OneExists_StoresNone()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var grafeas = await GrafeasFixture.StartAsync(emulator);
        var note = new Note { Discovery = new DiscoveryNote { AnalysisKind = NoteKind.Vulnerability } };
        var request = new BatchCreateNotesRequest { Parent = GrafeasFixture.Project, Notes = { ["a-note"] = note, ["production-note"] = note } };

        var error = await TestEmulator.FailureAsync(grafeas.Client.BatchCreateNotesAsync(request, cancellationToken: TestEmulator.Stop));
        request.Notes.Remove("production-note");
        var created = await grafeas.Client.BatchCreateNotesAsync(request, cancellationToken: TestEmulator.Stop);

        Assert.Equal((StatusCode.AlreadyExists, NoteKind.Discovery), (error.StatusCode, Assert.Single(created.Notes).Kind));
    }

    [Fact]
    public async Task UpdateNote_OverRestWithMask_ChangesOnlyThat()
    {
        await using var emulator = await TestEmulator.StartAsync();
        await GrafeasFixture.StartAsync(emulator);

        var (status, note) = await emulator.SendAsync(HttpMethod.Patch, $"/v1/{GrafeasFixture.Note}?updateMask=shortDescription", """{"shortDescription":"release","longDescription":"not in the mask"}""");

        Assert.Equal((200, "release", null), (status, (string?)note["shortDescription"], (string?)note["longDescription"]));
        Assert.Equal("production-note", (string?)note["attestation"]!["hint"]!["humanReadableName"]);
    }

    [Fact]
    public async Task UpdateNote_ToAnotherKind_IsRefused()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var grafeas = await GrafeasFixture.StartAsync(emulator);

        var error = await TestEmulator.FailureAsync(grafeas.Client.UpdateNoteAsync(
            new UpdateNoteRequest { Name = GrafeasFixture.Note, Note = new Note { Discovery = new DiscoveryNote() }, UpdateMask = new FieldMask { Paths = { "discovery" } } },
            cancellationToken: TestEmulator.Stop));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
    }

    [Fact]
    public async Task DeleteNote_Then_NothingCanBeAttached()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var grafeas = await GrafeasFixture.StartAsync(emulator);
        await grafeas.Client.DeleteNoteAsync(new DeleteNoteRequest { Name = GrafeasFixture.Note }, cancellationToken: TestEmulator.Stop);

        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => grafeas.CreateAsync(GrafeasFixture.Attestation(1)))).StatusCode);
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => grafeas.ListOfNoteAsync())).StatusCode);
    }

    [Fact]
    public async Task GetOccurrenceNote_OfAScan_IsGooglesNote()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var grafeas = new GrafeasFixture(emulator);
        var scan = await grafeas.CreateAsync(GrafeasFixture.Scan(1));

        var (status, note) = await emulator.SendAsync(HttpMethod.Get, $"/v1/{scan.Name}/notes");

        Assert.Equal((200, "projects/goog-analysis/notes/PACKAGE_VULNERABILITY", "DISCOVERY"), (status, (string?)note["name"], (string?)note["kind"]));
    }

    [Fact]
    public async Task NoteIam_SetThenGet_ReturnsThePolicy()
    {
        await using var emulator = await TestEmulator.StartAsync();
        await GrafeasFixture.StartAsync(emulator);
        await emulator.SendAsync(HttpMethod.Post, $"/v1/{GrafeasFixture.Note}:setIamPolicy",
            """{"policy":{"bindings":[{"role":"roles/containeranalysis.notes.attacher","members":["serviceAccount:signer@acme-prod.iam.gserviceaccount.com"]}]}}""");

        var (status, policy) = await emulator.SendAsync(HttpMethod.Post, $"/v1/{GrafeasFixture.Note}:getIamPolicy", "{}");
        var missing = await emulator.SendAsync(HttpMethod.Post, "/v1/projects/acme-prod/notes/missing:getIamPolicy", "{}");

        Assert.Equal((200, "roles/containeranalysis.notes.attacher", 404), (status, (string?)policy["bindings"]![0]!["role"], missing.Status));
    }

    [Fact]
    public async Task CreateOccurrence_OverRestAsGcloudSendsIt_StoresTheBytes()
    {
        await using var emulator = await TestEmulator.StartAsync();
        await GrafeasFixture.StartAsync(emulator);
        var body = $$"""
            {"attestation": {"serializedPayload": "eyJhIjoiPz8-Pz8_In0=", "signatures": [{"publicKeyId": "//cloudkms.googleapis.com/v1/k", "signature": "-_-_"}]},
             "kind": "ATTESTATION", "noteName": "{{GrafeasFixture.Note}}", "resourceUri": "{{GrafeasFixture.Image}}@{{GrafeasFixture.Digest(1)}}"}
            """;

        var (status, created) = await emulator.SendAsync(HttpMethod.Post, "/v1/projects/acme-prod/occurrences?alt=json", body);
        var (again, error) = await emulator.SendAsync(HttpMethod.Post, "/v1/projects/acme-prod/occurrences?alt=json", body);

        Assert.Equal((200, "eyJhIjoiPz8+Pz8/In0=", "+/+/"), (status, (string?)created["attestation"]!["serializedPayload"], (string?)created["attestation"]!["signatures"]![0]!["signature"]));
        Assert.Equal((409, "ALREADY_EXISTS"), (again, (string?)error["error"]!["status"]));
    }
}
