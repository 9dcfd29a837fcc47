using Google.Protobuf;
using Grafeas.V1;
using Client = Grafeas.V1.Grafeas.GrafeasClient;

namespace BinAuthz.Emulator.Tests.ContainerAnalysis;

/// <summary>Notes and occurrences in an emulator.</summary>
internal sealed class GrafeasFixture(TestEmulator emulator)
{
    public const string Project = "projects/acme-prod";

    public const string Note = Project + "/notes/production-note";

    public const string Image = "us-central1-docker.pkg.dev/acme-prod/app/server";

    public Client Client { get; } = new(emulator.Channel);

    public static string Digest(int number) => $"sha256:{number:x64}";

    public static async Task<GrafeasFixture> StartAsync(TestEmulator emulator)
    {
        var grafeas = new GrafeasFixture(emulator);
        await grafeas.CreateNoteAsync(Project, "production-note");
        return grafeas;
    }

    public async Task<Note> CreateNoteAsync(string project, string id) => await Client.CreateNoteAsync(
        new CreateNoteRequest { Parent = project, NoteId = id, Note = new Note { Attestation = new AttestationNote { Hint = new AttestationNote.Types.Hint { HumanReadableName = id } } } },
        cancellationToken: TestEmulator.Stop);

    public async Task<Occurrence> CreateAsync(Occurrence occurrence, string project = Project) =>
        await Client.CreateOccurrenceAsync(new CreateOccurrenceRequest { Parent = project, Occurrence = occurrence }, cancellationToken: TestEmulator.Stop);

    public async Task<IReadOnlyList<string>> ListAsync(string filter, string project = Project)
    {
        var response = await Client.ListOccurrencesAsync(new ListOccurrencesRequest { Parent = project, Filter = filter, PageSize = 1000 }, cancellationToken: TestEmulator.Stop);
        return [.. response.Occurrences.Select(occurrence => occurrence.Remediation)];
    }

    public async Task<ListNoteOccurrencesResponse> ListOfNoteAsync(string filter = "", int pageSize = 0, string pageToken = "", string note = Note) => await Client.ListNoteOccurrencesAsync(
        new ListNoteOccurrencesRequest { Name = note, Filter = filter, PageSize = pageSize, PageToken = pageToken }, cancellationToken: TestEmulator.Stop);

    public static Occurrence Attestation(int digest, string note = Note, string scheme = "https://", string label = "") => new()
    {
        ResourceUri = $"{scheme}{Image}@{Digest(digest)}",
        NoteName = note,
        Remediation = label,
        Attestation = new AttestationOccurrence
        {
            SerializedPayload = ByteString.CopyFromUtf8("{}"),
            Signatures = { new Signature { Signature_ = ByteString.CopyFromUtf8("signature"), PublicKeyId = "//cloudkms.googleapis.com/v1/k" } },
        },
    };

    public static Occurrence Scan(int digest, string label = "") => new()
    {
        ResourceUri = $"https://{Image}@{Digest(digest)}",
        NoteName = "projects/goog-analysis/notes/PACKAGE_VULNERABILITY",
        Remediation = label,
        Discovery = new DiscoveryOccurrence { AnalysisStatus = DiscoveryOccurrence.Types.AnalysisStatus.Scanning },
    };

    public static Occurrence Vulnerability(int digest, Severity severity, bool fixable, string cve = "CVE-2026-0001") => new()
    {
        ResourceUri = $"https://{Image}@{Digest(digest)}",
        NoteName = $"projects/goog-vulnz/notes/{cve}",
        Vulnerability = new VulnerabilityOccurrence { EffectiveSeverity = severity, FixAvailable = fixable },
    };
}
