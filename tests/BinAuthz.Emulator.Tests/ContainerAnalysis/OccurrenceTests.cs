using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grafeas.V1;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;

namespace BinAuthz.Emulator.Tests.ContainerAnalysis;

public sealed class OccurrenceTests
{
    [Fact]
    public async Task CreateOccurrence_Attestation_ServerSetsNameKindAndTimes()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 10, 1, 8, 20, 31, TimeSpan.Zero));
        await using var emulator = await TestEmulator.StartAsync(new EmulatorOptions { TimeProvider = time });
        var grafeas = await GrafeasFixture.StartAsync(emulator);
        var request = GrafeasFixture.Attestation(1);
        request.Name = "projects/acme-prod/occurrences/mine";
        request.CreateTime = new Timestamp { Seconds = 1 };

        var created = await grafeas.CreateAsync(request);

        Assert.Matches(@"\Aprojects/acme-prod/occurrences/[0-9a-f-]{36}\z", created.Name);
        Assert.Equal((NoteKind.Attestation, Timestamp.FromDateTimeOffset(time.GetUtcNow()), created.CreateTime), (created.Kind, created.CreateTime, created.UpdateTime));
        Assert.Equal(created, await grafeas.Client.GetOccurrenceAsync(new GetOccurrenceRequest { Name = created.Name }, cancellationToken: TestEmulator.Stop));
    }

    [Fact]
    public async Task CreateOccurrence_SameImageAndNoteTwice_AlreadyExistsAsGoogleSaysIt()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var grafeas = await GrafeasFixture.StartAsync(emulator);
        var first = await grafeas.CreateAsync(GrafeasFixture.Attestation(1));

        var again = await Assert.ThrowsAsync<RpcException>(() => grafeas.CreateAsync(GrafeasFixture.Attestation(1), "projects/acme-dev"));

        Assert.Equal(StatusCode.AlreadyExists, again.StatusCode);
        Assert.Equal($"occurrence ID \"{first.Name[(first.Name.LastIndexOf('/') + 1)..]}\" already exists in project \"acme-prod\"", again.Status.Detail);
    }

    [Fact]
    public async Task CreateOccurrence_DuplicatesAllowed_StoresBoth()
    {
        await using var emulator = await TestEmulator.StartAsync();
        emulator.Host.Switches.RefuseDuplicateAttestations = false;
        var grafeas = await GrafeasFixture.StartAsync(emulator);
        await grafeas.CreateAsync(GrafeasFixture.Attestation(1));
        await grafeas.CreateAsync(GrafeasFixture.Attestation(1));

        Assert.Equal(2, (await grafeas.ListOfNoteAsync()).Occurrences.Count);
    }

    [Fact]
    public async Task UpdateOccurrence_UpdatesOfAttestationsRefused_RefusesThoseAlone()
    {
        await using var emulator = await TestEmulator.StartAsync();
        emulator.Host.Switches.RefuseAttestationUpdates = true;
        var grafeas = await GrafeasFixture.StartAsync(emulator);
        var attestation = await grafeas.CreateAsync(GrafeasFixture.Attestation(1));
        var scan = await grafeas.CreateAsync(GrafeasFixture.Scan(1));

        var refused = await TestEmulator.FailureAsync(grafeas.Client.UpdateOccurrenceAsync(new UpdateOccurrenceRequest { Name = attestation.Name, Occurrence = attestation }, cancellationToken: TestEmulator.Stop));
        var updated = await grafeas.Client.UpdateOccurrenceAsync(new UpdateOccurrenceRequest { Name = scan.Name, Occurrence = scan }, cancellationToken: TestEmulator.Stop);

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Equal(scan.Name, updated.Name);
    }

    [Fact]
    public async Task CreateOccurrence_OtherNoteOtherUriOrOtherKind_IsNoDuplicate()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var grafeas = await GrafeasFixture.StartAsync(emulator);
        var other = await grafeas.CreateNoteAsync("projects/acme-security", "qa");
        await grafeas.CreateAsync(GrafeasFixture.Attestation(1));
        await grafeas.CreateAsync(GrafeasFixture.Attestation(1, scheme: ""));
        await grafeas.CreateAsync(GrafeasFixture.Attestation(1, other.Name));
        await grafeas.CreateAsync(GrafeasFixture.Scan(1));
        await grafeas.CreateAsync(GrafeasFixture.Scan(1));

        Assert.Equal(5, (await grafeas.ListAsync("")).Count);
    }

    [Fact]
    public async Task CreateOccurrence_AtOnceForOneImage_ExactlyOneIsStored()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var grafeas = await GrafeasFixture.StartAsync(emulator);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            try
            {
                await grafeas.CreateAsync(GrafeasFixture.Attestation(1));
                return StatusCode.OK;
            }
            catch (RpcException error)
            {
                return error.StatusCode;
            }
        }));

        Assert.Equal((1, 19), (outcomes.Count(code => code == StatusCode.OK), outcomes.Count(code => code == StatusCode.AlreadyExists)));
    }

    public static TheoryData<string, StatusCode> BadOccurrences => new()
    {
        { "no-note-of-that-name", StatusCode.NotFound },
        { "note-of-another-kind", StatusCode.InvalidArgument },
        { "kind-that-is-not-the-content", StatusCode.InvalidArgument },
        { "no-content", StatusCode.InvalidArgument },
        { "no-resource", StatusCode.InvalidArgument },
        { "note-name-that-is-none", StatusCode.InvalidArgument },
        { "parent-that-is-none", StatusCode.InvalidArgument },
    };

    [Theory]
    [MemberData(nameof(BadOccurrences))]
    public async Task CreateOccurrence_BadRequest_IsRefused(string what, StatusCode expected)
    {
        await using var emulator = await TestEmulator.StartAsync();
        var grafeas = await GrafeasFixture.StartAsync(emulator);
        var request = new CreateOccurrenceRequest { Parent = GrafeasFixture.Project, Occurrence = GrafeasFixture.Attestation(1) };
        Spoil(request, what);

        var error = await TestEmulator.FailureAsync(grafeas.Client.CreateOccurrenceAsync(request, cancellationToken: TestEmulator.Stop));

        Assert.Equal(expected, error.StatusCode);
        Assert.NotEmpty(error.Status.Detail);
    }

    private static void Spoil(CreateOccurrenceRequest request, string what)
    {
        switch (what)
        {
            case "no-note-of-that-name":
                request.Occurrence.NoteName = "projects/acme-prod/notes/missing";
                break;
            case "note-of-another-kind":
                request.Occurrence.NoteName = "projects/goog-analysis/notes/PACKAGE_VULNERABILITY";
                break;
            case "kind-that-is-not-the-content":
                request.Occurrence.Kind = NoteKind.Build;
                break;
            case "no-content":
                request.Occurrence.ClearDetails();
                break;
            case "no-resource":
                request.Occurrence.ResourceUri = "";
                break;
            case "note-name-that-is-none":
                request.Occurrence.NoteName = "production-note";
                break;
            default:
                request.Parent = "acme-prod";
                break;
        }
    }

    [Fact]
    public async Task BatchCreateOccurrences_OneIsADuplicate_StoresNone()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var grafeas = await GrafeasFixture.StartAsync(emulator);
        await grafeas.CreateAsync(GrafeasFixture.Attestation(2));

        var error = await TestEmulator.FailureAsync(grafeas.Client.BatchCreateOccurrencesAsync(Batch(Enumerable.Range(1, 3)), cancellationToken: TestEmulator.Stop));

        Assert.Equal(StatusCode.AlreadyExists, error.StatusCode);
        Assert.Single((await grafeas.ListOfNoteAsync()).Occurrences);
    }

    [Theory]
    [InlineData(1000, StatusCode.OK)]
    [InlineData(1001, StatusCode.InvalidArgument)]
    [InlineData(0, StatusCode.InvalidArgument)]
    public async Task BatchCreateOccurrences_Size_AtMostAThousand(int size, StatusCode expected)
    {
        await using var emulator = await TestEmulator.StartAsync();
        var grafeas = await GrafeasFixture.StartAsync(emulator);
        using var call = grafeas.Client.BatchCreateOccurrencesAsync(Batch(Enumerable.Range(1, size)), cancellationToken: TestEmulator.Stop);

        var stored = await Record.ExceptionAsync(async () => await call) is null ? (await call).Occurrences.Count : 0;

        Assert.Equal((expected, expected == StatusCode.OK ? size : 0), (call.GetStatus().StatusCode, stored));
    }

    private static BatchCreateOccurrencesRequest Batch(IEnumerable<int> digests) =>
        new() { Parent = GrafeasFixture.Project, Occurrences = { digests.Select(digest => GrafeasFixture.Attestation(digest)) } };

    [Fact]
    public async Task UpdateOccurrence_WithMask_ChangesOnlyThat()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var grafeas = await GrafeasFixture.StartAsync(emulator);
        var created = await grafeas.CreateAsync(GrafeasFixture.Attestation(1, label: "before"));
        var change = GrafeasFixture.Attestation(1, label: "after");
        change.Attestation.Signatures.Add(new Signature { Signature_ = ByteString.CopyFromUtf8("second"), PublicKeyId = "//cloudkms.googleapis.com/v1/k2" });

        var updated = await grafeas.Client.UpdateOccurrenceAsync(
            new UpdateOccurrenceRequest { Name = created.Name, Occurrence = change, UpdateMask = new FieldMask { Paths = { "attestation.signatures" } } }, cancellationToken: TestEmulator.Stop);

        Assert.Equal((2, "before", created.CreateTime), (updated.Attestation.Signatures.Count, updated.Remediation, updated.CreateTime));
        Assert.True(updated.UpdateTime.CompareTo(created.UpdateTime) >= 0);
    }

    public static TheoryData<string, StatusCode> BadUpdates => new()
    {
        { "note_name", StatusCode.InvalidArgument },
        { "resource_uri", StatusCode.InvalidArgument },
        { "discovery", StatusCode.InvalidArgument },
        { "no_such_field", StatusCode.InvalidArgument },
    };

    [Theory]
    [MemberData(nameof(BadUpdates))]
    public async Task UpdateOccurrence_OfWhatCannotChange_IsRefused(string path, StatusCode expected)
    {
        await using var emulator = await TestEmulator.StartAsync();
        var grafeas = await GrafeasFixture.StartAsync(emulator);
        var created = await grafeas.CreateAsync(GrafeasFixture.Attestation(1));

        var error = await TestEmulator.FailureAsync(grafeas.Client.UpdateOccurrenceAsync(
            new UpdateOccurrenceRequest { Name = created.Name, Occurrence = GrafeasFixture.Scan(2), UpdateMask = new FieldMask { Paths = { path } } }, cancellationToken: TestEmulator.Stop));

        Assert.Equal(expected, error.StatusCode);
    }

    [Fact]
    public async Task DeleteOccurrence_ThenCreate_IsAllowedAgain()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var grafeas = await GrafeasFixture.StartAsync(emulator);
        var created = await grafeas.CreateAsync(GrafeasFixture.Attestation(1));
        var request = new DeleteOccurrenceRequest { Name = created.Name };
        await grafeas.Client.DeleteOccurrenceAsync(request, cancellationToken: TestEmulator.Stop);

        Assert.Equal(StatusCode.NotFound, (await TestEmulator.FailureAsync(grafeas.Client.DeleteOccurrenceAsync(request, cancellationToken: TestEmulator.Stop))).StatusCode);
        Assert.NotEqual(created.Name, (await grafeas.CreateAsync(GrafeasFixture.Attestation(1))).Name);
    }

    [Fact]
    public async Task ListNoteOccurrences_OccurrencesOfSeveralProjects_ReturnsAllInPagesOfTwenty()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var grafeas = await GrafeasFixture.StartAsync(emulator);
        for (var digest = 0; digest < 45; digest++)
        {
            await grafeas.CreateAsync(GrafeasFixture.Attestation(digest), digest % 2 == 0 ? "projects/acme-prod" : "projects/acme-dev");
        }

        var pages = new List<int>();
        var names = new HashSet<string>();
        var token = "";
        do
        {
            var page = await grafeas.ListOfNoteAsync(pageToken: token);
            pages.Add(page.Occurrences.Count);
            names.UnionWith(page.Occurrences.Select(occurrence => occurrence.Name));
            token = page.NextPageToken;
        }
        while (token.Length > 0);

        Assert.Equal([20, 20, 5], pages);
        Assert.Equal(45, names.Count);
        Assert.Equal(23, (await grafeas.ListAsync("")).Count);
    }

    [Theory]
    [InlineData(-1, "")]
    [InlineData(10, "not a token")]
    [InlineData(10, "AAAA")]
    public async Task ListNoteOccurrences_BadPage_IsRefused(int size, string token)
    {
        await using var emulator = await TestEmulator.StartAsync();
        var grafeas = await GrafeasFixture.StartAsync(emulator);

        var error = await Assert.ThrowsAsync<RpcException>(() => grafeas.ListOfNoteAsync(pageSize: size, pageToken: token));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
    }

    [Fact]
    public async Task ListNoteOccurrences_ByDigest_FindsItAmongManyWithoutScanning()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var grafeas = await GrafeasFixture.StartAsync(emulator);
        for (var batch = 0; batch < 20; batch++)
        {
            await grafeas.Client.BatchCreateOccurrencesAsync(Batch(Enumerable.Range(batch * 1000, 1000)), cancellationToken: TestEmulator.Stop);
        }

        var started = TimeProvider.System.GetTimestamp();
        for (var digest = 0; digest < 500; digest++)
        {
            var found = await grafeas.ListOfNoteAsync($"has_suffix(resourceUrl, \"{GrafeasFixture.Digest(digest * 37)}\")", 100);
            Assert.EndsWith(GrafeasFixture.Digest(digest * 37), Assert.Single(found.Occurrences).ResourceUri, StringComparison.Ordinal);
        }

        // A scan of 20,000 for each would take well over a minute.
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Restart_WithADataDirectory_KeepsNotesOccurrencesAndTheirIndex()
    {
        var options = new EmulatorOptions { DataDirectory = Directory.CreateTempSubdirectory("grafeas-").FullName };
        await using (var first = await TestEmulator.StartAsync(options))
        {
            await (await GrafeasFixture.StartAsync(first)).CreateAsync(GrafeasFixture.Attestation(1));
        }

        await using var second = await TestEmulator.StartAsync(options);
        var grafeas = new GrafeasFixture(second);

        Assert.Single((await grafeas.ListOfNoteAsync($"has_suffix(resourceUrl, \"{GrafeasFixture.Digest(1)}\")")).Occurrences);
        Assert.Equal(StatusCode.AlreadyExists, (await Assert.ThrowsAsync<RpcException>(() => grafeas.CreateAsync(GrafeasFixture.Attestation(1)))).StatusCode);
    }
}
