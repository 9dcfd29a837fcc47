using System.Security.Cryptography;
using Google.Cloud.BinaryAuthorization.V1;
using Service = Google.Cloud.BinaryAuthorization.V1.BinauthzManagementServiceV1.BinauthzManagementServiceV1Client;
using SignatureAlgorithm = Google.Cloud.BinaryAuthorization.V1.PkixPublicKey.Types.SignatureAlgorithm;

namespace BinAuthz.Emulator.Tests.BinaryAuthorization;

/// <summary>Attestors in an emulator.</summary>
internal sealed class BinauthzFixture(TestEmulator emulator)
{
    public const string Project = "projects/acme-prod";

    public const string Name = Project + "/attestors/production-attestor";

    public const string Note = Project + "/notes/production-note";

    public Service Service { get; } = new(emulator.Channel);

    public async Task<Attestor> CreateAsync(params AttestorPublicKey[] keys) => await Service.CreateAttestorAsync(
        new CreateAttestorRequest { Parent = Project, AttestorId = "production-attestor", Attestor = NewAttestor(keys) }, cancellationToken: TestEmulator.Stop);

    public static Attestor NewAttestor(params AttestorPublicKey[] keys) =>
        new() { Name = Name, UserOwnedGrafeasNote = new UserOwnedGrafeasNote { NoteReference = Note, PublicKeys = { keys } } };

    public static AttestorPublicKey Key(string pem, SignatureAlgorithm algorithm = SignatureAlgorithm.EcdsaP256Sha256, string id = "") =>
        new() { Id = id, PkixPublicKey = new PkixPublicKey { PublicKeyPem = pem, SignatureAlgorithm = algorithm } };

    public static string NewPem()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportSubjectPublicKeyInfoPem() + "\n";
    }
}
