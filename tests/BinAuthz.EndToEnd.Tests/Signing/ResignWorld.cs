using System.Globalization;
using System.Security.Cryptography;
using BinAuthz.Attestations;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Keys;
using BinAuthz.Signing;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Authz = Google.Cloud.BinaryAuthorization.V1;
using Kms = Google.Cloud.Kms.V1;

namespace BinAuthz.EndToEnd.Tests.Signing;

/// <summary>A <see cref="SigningWorld"/> whose key is rotated, with images that nobody need push: attesting asks for a digest alone.</summary>
internal sealed class ResignWorld : IAsyncDisposable
{
    private readonly GrpcChannel channel;
    private readonly List<ServiceProvider> instances = [];

    private ResignWorld(SigningWorld world)
    {
        World = world;
        channel = GrpcChannel.ForAddress(world.Emulator.GrpcEndpoint);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public SigningWorld World { get; }

    public static async Task<ResignWorld> StartAsync(bool refuseDuplicates = true, string? policy = null)
    {
        var world = new ResignWorld(await SigningWorld.StartAsync(time: new ImpatientTime(), policy: policy));
        world.World.Emulator.Switches.RefuseDuplicateAttestations = refuseDuplicates;
        return world;
    }

    /// <summary>Makes a version and has the attestor trust it since <paramref name="ago"/>; by default since yesterday.</summary>
    public async Task<KeyVersionName> RotateAsync(TimeSpan? ago = null)
    {
        var made = await new Kms.KeyManagementService.KeyManagementServiceClient(channel).CreateCryptoKeyVersionAsync(
            new Kms.CreateCryptoKeyVersionRequest { Parent = World.Key.ToString(), CryptoKeyVersion = new Kms.CryptoKeyVersion() }, cancellationToken: Stop);
        var version = KeyVersionName.Parse(made.Name);
        var (pem, algorithm) = await World.Get<KeyManagementClient>().GetPublicKeyAsync(version, Stop);
        var comment = TrustedSince.Comment(TimeProvider.System.GetUtcNow() - (ago ?? TimeSpan.FromDays(1)));
        Assert.True(await World.Get<BinaryAuthorizationClient>().AddKeyAsync(World.Attestor, new AttestorKey(version.PublicKeyId, pem, algorithm, comment), Stop));
        return version;
    }

    /// <summary>Removes a version's key from the attestor.</summary>
    public async Task DistrustAsync(KeyVersionName version)
    {
        var client = new Authz.BinauthzManagementServiceV1.BinauthzManagementServiceV1Client(channel);
        var attestor = await client.GetAttestorAsync(new Authz.GetAttestorRequest { Name = World.Attestor.ToString() }, cancellationToken: Stop);
        Assert.True(attestor.UserOwnedGrafeasNote.PublicKeys.Remove(attestor.UserOwnedGrafeasNote.PublicKeys.Single(key => key.Id == version.PublicKeyId)));
        await client.UpdateAttestorAsync(new Authz.UpdateAttestorRequest { Attestor = attestor }, cancellationToken: Stop);
    }

    public static ImageReference NewImage() =>
        ImageReference.Parse(string.Create(CultureInfo.InvariantCulture, $"{SigningWorld.Repository}@sha256:{Convert.ToHexStringLower(SHA256.HashData(Guid.NewGuid().ToByteArray()))}"));

    /// <summary>Images that a version has attested, under the usual form of the resource URI.</summary>
    public async Task<ImageReference[]> AttestedAsync(int count, int version = 1)
    {
        ImageReference[] images = [.. Enumerable.Range(0, count).Select(_ => NewImage())];
        foreach (var image in images)
        {
            await AttestAsync(image, image.ResourceUri, version);
        }

        return images;
    }

    /// <summary>Stores an attestation by a version without the product's signer.</summary>
    public async Task<string> AttestAsync(ImageReference image, string resourceUri, int version)
    {
        var payload = AttestationPayload.Create(image);
        var signature = await World.Get<KeyManagementClient>().SignAsync(World.Key.Version(version), SignatureAlgorithm.Default, payload, Stop);
        var attestation = new Attestation("", resourceUri, World.Note, payload, [new AttestationSignature(World.Key.Version(version).PublicKeyId, signature)], null);
        return Assert.IsType<string>(await World.Get<ContainerAnalysisClient>().CreateAttestationAsync(SigningWorld.Project, attestation, Stop));
    }

    public Task<IReadOnlyList<SigningOutcome>> ResignAsync(KeyVersionName key, params ImageReference[] images) => ResignAsync(World.Get<ImageResigner>(), key, images);

    public Task<IReadOnlyList<SigningOutcome>> ResignAsync(ImageResigner resigner, KeyVersionName key, params ImageReference[] images) =>
        resigner.ResignAsync(new ResignRequest(World.Attestor, key, images), "1001", Stop);

    /// <summary>A process that knows nothing yet, and whose calls go through <paramref name="handler"/>.</summary>
    public ImageResigner NewInstance(HttpMessageHandler handler, BinAuthzOptions? options = null)
    {
        var time = new ImpatientTime();
        options ??= World.Options;
        var services = new ServiceCollection().AddSingleton<TimeProvider>(time).AddSingleton(handler).AddBinAuthz(options)
            .AddSingleton(provider => new GoogleHttp(new HttpClient(handler, disposeHandler: false), options, provider.GetRequiredService<GoogleTokens>(), time))
            .BuildServiceProvider();
        instances.Add(services);
        return services.GetRequiredService<ImageResigner>();
    }

    /// <summary>The one attestation of an image that a version signed; the emulated service accepts it.</summary>
    public async Task<Attestation> AttestationByAsync(ImageReference image, KeyVersionName version)
    {
        var all = await World.AttestationsAsync(image.Digest);
        var signed = Assert.Single(all, attestation => attestation.Signatures.Any(signature => signature.PublicKeyId == version.PublicKeyId));
        Assert.True(await World.IsAcceptedAsync(signed));
        return signed;
    }

    public async Task AssertResignedAsync(KeyVersionName version, params ImageReference[] images)
    {
        foreach (var image in images)
        {
            await AttestationByAsync(image, version);
            Assert.Contains(await RecordsAsync(image), record => record.EndsWith(string.Create(CultureInfo.InvariantCulture, $"/{version.Version}.json"), StringComparison.Ordinal));
        }
    }

    public async Task AssertOneRecordEachAsync(params ImageReference[] images)
    {
        foreach (var image in images)
        {
            Assert.Single(await RecordsAsync(image));
        }
    }

    public async Task<IReadOnlyList<string>> RecordsAsync(ImageReference image) =>
        [.. (await World.Get<DecisionRecords>().ReadAsync(World.Attestor, image.Digest, Stop)).Select(record => record.Name)];

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in instances)
        {
            await instance.DisposeAsync();
        }

        channel.Dispose();
        await World.DisposeAsync();
    }
}
