using System.Text.Json.Nodes;
using Google.Cloud.BinaryAuthorization.V1;
using Grpc.Core;
using SignatureAlgorithm = Google.Cloud.BinaryAuthorization.V1.PkixPublicKey.Types.SignatureAlgorithm;

namespace BinAuthz.Emulator.Tests.BinaryAuthorization;

public sealed class AttestorTests
{
    [Theory]
    [InlineData("attestor-single-key.json")]
    [InlineData("attestor-mid-rotation.json")]
    [InlineData("attestor-pkix-default-id.json")]
    [InlineData("attestor-no-keys.json")]
    public async Task CreateAttestor_Sample_ComesBackWithTheSameKeys(string file)
    {
        await using var emulator = await TestEmulator.StartAsync();
        var sample = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "testdata", "attestation", file), TestEmulator.Stop))!;
        var name = (string)sample["name"]!;

        var (created, _) = await emulator.SendAsync(HttpMethod.Post, $"/v1/{name[..name.LastIndexOf('/')]}?attestorId={name[(name.LastIndexOf('/') + 1)..]}", sample.ToJsonString());
        var (status, attestor) = await emulator.SendAsync(HttpMethod.Get, $"/v1/{name}");

        Assert.Equal((200, 200), (created, status));
        Assert.True(JsonNode.DeepEquals(sample["userOwnedGrafeasNote"]!["publicKeys"], attestor["userOwnedGrafeasNote"]!["publicKeys"]));
        Assert.Matches("^service-[0-9]{12}@gcp-sa-binaryauthorization.iam.gserviceaccount.com$", (string?)attestor["userOwnedGrafeasNote"]!["delegationServiceAccountEmail"]);
        Assert.NotNull(attestor["etag"]);
    }

    [Fact]
    public async Task CreateAttestor_KeyWithoutId_GetsTheRfc6920Id()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var sample = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "testdata", "attestation", "attestor-pkix-default-id.json"), TestEmulator.Stop))!;
        var key = sample["userOwnedGrafeasNote"]!["publicKeys"]![0]!;

        var attestor = await new BinauthzFixture(emulator).CreateAsync(BinauthzFixture.Key((string)key["pkixPublicKey"]!["publicKeyPem"]!, SignatureAlgorithm.EcdsaP384Sha384));

        Assert.Equal((string?)key["id"], attestor.UserOwnedGrafeasNote.PublicKeys[0].Id);
    }

    [Fact]
    public async Task CreateAttestor_PgpKey_GetsItsFingerprintAsId()
    {
        // A version 4 RSA key of a few bits, made by hand.
        const string Armored = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmBAEZQAAAAEAEQEAAQARAQAB\n-----END PGP PUBLIC KEY BLOCK-----\n";
        await using var emulator = await TestEmulator.StartAsync();

        var attestor = await new BinauthzFixture(emulator).CreateAsync(new AttestorPublicKey { AsciiArmoredPgpPublicKey = Armored });

        var key = Assert.Single(attestor.UserOwnedGrafeasNote.PublicKeys);
        Assert.Equal(("9086432C977E048DDA2035173674A607FB211EA6", Armored), (key.Id, key.AsciiArmoredPgpPublicKey));
    }

    [Fact]
    public async Task UpdateAttestor_StaleEtag_IsAborted()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var binauthz = new BinauthzFixture(emulator);
        var first = await binauthz.CreateAsync();
        var change = first.Clone();
        change.UserOwnedGrafeasNote.PublicKeys.Add(BinauthzFixture.Key(BinauthzFixture.NewPem()));
        var second = await binauthz.Service.UpdateAttestorAsync(new UpdateAttestorRequest { Attestor = change }, cancellationToken: TestEmulator.Stop);

        var stale = await TestEmulator.FailureAsync(binauthz.Service.UpdateAttestorAsync(new UpdateAttestorRequest { Attestor = first }, cancellationToken: TestEmulator.Stop));
        var (status, error) = await emulator.SendAsync(HttpMethod.Put, $"/v1/{BinauthzFixture.Name}", $$$"""{"etag": "\"old\"", "userOwnedGrafeasNote": {"noteReference": "{{{BinauthzFixture.Note}}}"}}""");
        var kept = await binauthz.Service.GetAttestorAsync(new GetAttestorRequest { Name = BinauthzFixture.Name }, cancellationToken: TestEmulator.Stop);

        Assert.Equal(StatusCode.Aborted, stale.StatusCode);
        Assert.Equal((409, "ABORTED"), (status, (string?)error["error"]!["status"]));
        Assert.Equal(second, kept);
    }

    [Fact]
    public async Task UpdateAttestor_WithoutEtag_ReplacesEverything()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var binauthz = new BinauthzFixture(emulator);
        await binauthz.CreateAsync(BinauthzFixture.Key(BinauthzFixture.NewPem()));

        var replaced = await binauthz.Service.UpdateAttestorAsync(new UpdateAttestorRequest { Attestor = BinauthzFixture.NewAttestor() }, cancellationToken: TestEmulator.Stop);

        Assert.Empty(replaced.UserOwnedGrafeasNote.PublicKeys);
    }

    [Fact]
    public async Task UpdateAttestor_OtherNote_IsRefused()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var binauthz = new BinauthzFixture(emulator);
        var attestor = await binauthz.CreateAsync();
        attestor.UserOwnedGrafeasNote.NoteReference += "2";

        var error = await TestEmulator.FailureAsync(binauthz.Service.UpdateAttestorAsync(new UpdateAttestorRequest { Attestor = attestor }, cancellationToken: TestEmulator.Stop));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
    }

    public static TheoryData<string> BadKeys =>
    [
        "not-pem", "private-key", "other-curve", "no-algorithm", "pgp", "id-with-blank", "contradicting-key-id", "same-id-twice", "no-key", "note-by-project-number",
    ];

    [Theory]
    [MemberData(nameof(BadKeys))]
    public async Task CreateAttestor_BadKeyOrNote_InvalidArgument(string what)
    {
        await using var emulator = await TestEmulator.StartAsync();
        var attestor = BinauthzFixture.NewAttestor(BinauthzFixture.Key(BinauthzFixture.NewPem()));
        Spoil(attestor.UserOwnedGrafeasNote, what);

        var error = await TestEmulator.FailureAsync(new BinauthzFixture(emulator).Service.CreateAttestorAsync(
            new CreateAttestorRequest { Parent = BinauthzFixture.Project, AttestorId = "production-attestor", Attestor = attestor }, cancellationToken: TestEmulator.Stop));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.NotEmpty(error.Status.Detail);
    }

    [Fact]
    public async Task Beta_SameAttestor_HasADrydockNote()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var key = BinauthzFixture.Key(BinauthzFixture.NewPem(), id: "//cloudkms.googleapis.com/v1/x");
        key.PkixPublicKey.KeyId = key.Id;
        await new BinauthzFixture(emulator).CreateAsync(key);

        var (status, beta) = await emulator.SendAsync(HttpMethod.Get, $"/v1beta1/{BinauthzFixture.Name}?alt=json");
        beta["description"] = "changed in beta";
        var (put, _) = await emulator.SendAsync(HttpMethod.Put, $"/v1beta1/{BinauthzFixture.Name}", beta.ToJsonString());
        var (_, v1) = await emulator.SendAsync(HttpMethod.Get, $"/v1/{BinauthzFixture.Name}");
        var (alpha, list) = await emulator.SendAsync(HttpMethod.Get, $"/v1alpha2/{BinauthzFixture.Project}/attestors");

        Assert.Equal((200, 200, 200), (status, put, alpha));
        Assert.Equal(BinauthzFixture.Note, (string?)beta["userOwnedDrydockNote"]!["noteReference"]);
        Assert.Equal(("changed in beta", "//cloudkms.googleapis.com/v1/x"), ((string?)v1["description"], (string?)v1["userOwnedGrafeasNote"]!["publicKeys"]![0]!["id"]));
        Assert.Single(list["attestors"]!.AsArray());
    }

    [Fact]
    public async Task DeleteAttestor_Twice_NotFound()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var binauthz = new BinauthzFixture(emulator);
        await binauthz.CreateAsync();
        var again = await TestEmulator.FailureAsync(binauthz.Service.CreateAttestorAsync(
            new CreateAttestorRequest { Parent = BinauthzFixture.Project, AttestorId = "production-attestor", Attestor = BinauthzFixture.NewAttestor() }, cancellationToken: TestEmulator.Stop));
        await binauthz.Service.DeleteAttestorAsync(new DeleteAttestorRequest { Name = BinauthzFixture.Name }, cancellationToken: TestEmulator.Stop);

        var gone = await TestEmulator.FailureAsync(binauthz.Service.DeleteAttestorAsync(new DeleteAttestorRequest { Name = BinauthzFixture.Name }, cancellationToken: TestEmulator.Stop));

        Assert.Equal((StatusCode.AlreadyExists, StatusCode.NotFound), (again.StatusCode, gone.StatusCode));
    }

    [Fact]
    public async Task IamPolicy_OfAnAttestorByAlphaPath_IsStored()
    {
        await using var emulator = await TestEmulator.StartAsync();
        await new BinauthzFixture(emulator).CreateAsync();

        var (set, _) = await emulator.SendAsync(HttpMethod.Post, $"/v1alpha2/{BinauthzFixture.Name}:setIamPolicy",
            """{"policy": {"bindings": [{"members": ["user:a@b.c"], "role": "roles/x"}], "etag": "ACAB", "version": 3}}""");
        var (get, policy) = await emulator.SendAsync(HttpMethod.Get, $"/v1/{BinauthzFixture.Name}:getIamPolicy?options.requestedPolicyVersion=3");

        Assert.Equal((200, 200, "roles/x"), (set, get, (string?)policy["bindings"]![0]!["role"]));
    }

    private static void Spoil(UserOwnedGrafeasNote note, string what)
    {
        var key = note.PublicKeys[0];
        switch (what)
        {
            case "not-pem":
                key.PkixPublicKey.PublicKeyPem = "MFkwEwYH";
                break;
            case "private-key":
                using (var pair = System.Security.Cryptography.RSA.Create(2048))
                {
                    key.PkixPublicKey.PublicKeyPem = pair.ExportPkcs8PrivateKeyPem();
                }

                break;
            case "other-curve":
                key.PkixPublicKey.SignatureAlgorithm = SignatureAlgorithm.EcdsaP384Sha384;
                break;
            case "no-algorithm":
                key.PkixPublicKey.SignatureAlgorithm = default;
                break;
            case "pgp":
                key.AsciiArmoredPgpPublicKey = "-----BEGIN PGP PUBLIC KEY BLOCK-----";
                break;
            case "id-with-blank":
                key.Id = "my key";
                break;
            case "contradicting-key-id":
                key.Id = "a:b";
                key.PkixPublicKey.KeyId = "a:c";
                break;
            case "same-id-twice":
                note.PublicKeys.Add(key.Clone());
                break;
            case "no-key":
                key.ClearPublicKey();
                break;
            default:
                note.NoteReference = "projects/123456789012/notes/x";
                break;
        }
    }
}
