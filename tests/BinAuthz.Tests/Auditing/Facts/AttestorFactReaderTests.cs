using System.Text;
using BinAuthz.Attestations;
using BinAuthz.Auditing.Facts;
using BinAuthz.Checkup;
using BinAuthz.Checkup.Facts;
using BinAuthz.GoogleCloud;
using BinAuthz.Keys;
using BinAuthz.Rotation;
using Google.Cloud.Kms.V1;
using Google.Protobuf.WellKnownTypes;
using Authz = Google.Cloud.BinaryAuthorization.V1;
using Ca = Grafeas.V1;
using State = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionState;

namespace BinAuthz.Tests.Auditing.Facts;

public sealed class AttestorFactReaderTests
{
    private static readonly string Name = CleanFacts.Subject.Attestor.ToString();
    private static readonly string Key = CleanFacts.Subject.Key.ToString();
    private static readonly string Note = CleanFacts.Attestor.Note.ToString();
    private static readonly string Records = $"/storage/v1/b/{CleanFacts.Request.Bucket}/o";

    [Fact]
    public async Task Read_Everything_AsksForTheKeysOfTrustedVersionsOnly()
    {
        var google = Stub(1, 3);

        var read = await ReadAsync(google);

        Assert.Equal([(1, State.Enabled, CleanFacts.Pem), (2, State.Enabled, null), (3, State.Disabled, null)], Known(read.Versions).Select(version => (version.Description.Name.Version, version.Description.State, version.Pem)));
        Assert.All(Known(read.Versions), version => Assert.Null(version.Unread));
        Assert.Equal([ProtectionLevel.Hsm, ProtectionLevel.Hsm, ProtectionLevel.Hsm], Known(read.Versions).Select(version => version.Description.Protection));
        Assert.Equal([$"GetPublicKey {Key}/cryptoKeyVersions/1"], google.Asked.Where(call => call.StartsWith("GetPublicKey", StringComparison.Ordinal)));
        Assert.Equal([CleanFacts.Version.PublicKeyId, CleanFacts.Subject.Key.Version(3).PublicKeyId], Known(read.Attestor)!.Keys.Select(key => key.Id));
        Assert.True(Known(read.HasNote!));
        Assert.Empty(Known(read.Records));
        Assert.Same(CleanFacts.Subject, read.Subject);
        Assert.IsType<Fact<AttestationTally>.Unknown>(read.Attestations);
    }

    [Fact]
    public async Task Read_PublicKeyRefused_SaysSoAndKnowsTheRest()
    {
        var read = await ReadAsync(Stub(1, 2).Refuse("GetPublicKey", $"{Key}/cryptoKeyVersions/2"));

        var versions = Known(read.Versions);
        Assert.Equal([CleanFacts.Pem, null, null], versions.Select(version => version.Pem));
        Assert.Equal([false, true, false], versions.Select(version => version.Unread is not null));
        Assert.Contains("cloudkms.cryptoKeyVersions.viewPublicKey", versions[1].Unread!.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_NoSuchKey_HasNoVersions() =>
        Assert.Empty(Known((await ReadAsync(new StubGoogle().On("GetAttestor", Name, Attestor(1)))).Versions));

    [Fact]
    public async Task Read_VersionsRefused_AreNotKnown() => Assert.Contains(
        "cloudkms.cryptoKeyVersions.list", Assert.IsType<Fact<IReadOnlyList<AuditedVersion>>.Unknown>((await ReadAsync(Stub(1).Refuse("ListCryptoKeyVersions", Key))).Versions).Why.Remedy, StringComparison.Ordinal);

    [Fact]
    public async Task Read_NoAttestor_DoesNotAskForItsNoteNorForKeys()
    {
        var read = await ReadAsync(new StubGoogle().On("ListCryptoKeyVersions", Key, Versions()));

        Assert.Null(Known(read.Attestor));
        Assert.Null(read.HasNote);
        Assert.Equal(3, Known(read.Versions).Count);
        Assert.All(Known(read.Versions), version => Assert.Null(version.Pem));
    }

    [Fact]
    public async Task Read_AttestorRefused_IsNotKnown()
    {
        var read = await ReadAsync(Stub(1).Refuse("GetAttestor", Name));

        Assert.Contains("binaryauthorization.attestors.get", Assert.IsType<Fact<Attestor?>.Unknown>(read.Attestor).Why.Remedy, StringComparison.Ordinal);
        Assert.Null(read.HasNote);
    }

    [Fact]
    public async Task Read_NoNote_IsKnownToBeMissing() =>
        Assert.False(Known((await ReadAsync(new StubGoogle().On("GetAttestor", Name, Attestor(1)))).HasNote!));

    [Fact]
    public async Task Read_NoteRefused_IsNotKnown() => Assert.Contains(
        "containeranalysis.notes.get", Assert.IsType<Fact<bool>.Unknown>((await ReadAsync(Stub(1).Refuse("GetNote", Note))).HasNote).Why.Remedy, StringComparison.Ordinal);

    [Fact]
    public async Task Read_RecordsRefused_AreNotKnown() => Assert.IsType<Fact<IReadOnlyList<KeyRecord>>.Unknown>((await ReadAsync(Stub(1).On(Records, "{}", System.Net.HttpStatusCode.Forbidden))).Records);

    [Fact]
    public async Task Read_RecordThatIsNone_IsNotKnownAndNamed()
    {
        var name = KeyRecordName.Of(CleanFacts.Subject.Attestor, new KeyRecord(CleanFacts.Version, KeyRecordKind.Trusted, CleanFacts.Now, CleanFacts.Pem, SignatureAlgorithm.Default, ""));
        var google = Stub(1).On(Records, $$"""{"items":[{"name":"{{name}}"}]}""").On($"{Records}/{Uri.EscapeDataString(name)}", "garbage");

        var why = Assert.IsType<Fact<IReadOnlyList<KeyRecord>>.Unknown>((await ReadAsync(google)).Records).Why;

        Assert.Contains(name, why.Reason, StringComparison.Ordinal);
        Assert.Contains("is no record of a key version", why.Reason, StringComparison.Ordinal);
    }

    private static T Known<T>(Fact<T> fact) => Assert.IsType<Fact<T>.Known>(fact).Value;

    private static async Task<AuditedAttestor> ReadAsync(StubGoogle google)
    {
        using var reader = new FactReader(CleanFacts.Project);
        using var channels = google.Channels;
        var facts = new AttestorFactReader(
            new BinaryAuthorizationClient(channels), new KeyManagementClient(channels), new ContainerAnalysisClient(channels, TimeProvider.System), new KeyRecords(new StorageClient(google.Http), new EvidenceBucket(CleanFacts.Request.Bucket)));
        return await facts.ReadAsync(reader, CleanFacts.Subject, CleanFacts.Unknown<AttestationTally>(), TestContext.Current.CancellationToken);
    }

    private static StubGoogle Stub(params long[] trusted)
    {
        var google = new StubGoogle().On("GetAttestor", Name, Attestor(trusted)).On("ListCryptoKeyVersions", Key, Versions()).On("GetNote", Note, new Ca.Note { Name = Note }).On(Records, "{}");
        foreach (var version in trusted)
        {
            var name = $"{Key}/cryptoKeyVersions/{version}";
            google.On("GetPublicKey", name, new global::Google.Cloud.Kms.V1.PublicKey
            {
                Name = name,
                Pem = CleanFacts.Pem,
                PemCrc32C = Crc32C.Of(Encoding.UTF8.GetBytes(CleanFacts.Pem)),
                Algorithm = CryptoKeyVersion.Types.CryptoKeyVersionAlgorithm.EcSignP256Sha256,
            });
        }

        return google;
    }

    private static Authz.Attestor Attestor(params long[] trusted) => new()
    {
        Name = Name,
        UserOwnedGrafeasNote = new Authz.UserOwnedGrafeasNote
        {
            NoteReference = Note,
            PublicKeys =
            {
                trusted.Select(version => new Authz.AttestorPublicKey
                {
                    Id = CleanFacts.Subject.Key.Version(version).PublicKeyId,
                    PkixPublicKey = new Authz.PkixPublicKey { PublicKeyPem = CleanFacts.Pem, SignatureAlgorithm = SignatureAlgorithm.Default.BinAuthz },
                }),
            },
        },
    };

    private static ListCryptoKeyVersionsResponse Versions() => new()
    {
        CryptoKeyVersions =
        {
            new[] { State.Enabled, State.Enabled, State.Disabled }.Select((state, index) => new CryptoKeyVersion
            {
                Name = $"{Key}/cryptoKeyVersions/{index + 1}",
                State = state,
                ProtectionLevel = ProtectionLevel.Hsm,
                Algorithm = CryptoKeyVersion.Types.CryptoKeyVersionAlgorithm.EcSignP256Sha256,
                CreateTime = Timestamp.FromDateTimeOffset(CleanFacts.Now),
            }),
        },
    };
}
