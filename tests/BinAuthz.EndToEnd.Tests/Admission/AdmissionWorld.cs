using System.Net.Http.Json;
using System.Security.Cryptography;
using BinAuthz.Attestations;
using BinAuthz.Emulator;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Keys;
using Microsoft.Extensions.DependencyInjection;
using Authz = Google.Cloud.BinaryAuthorization.V1;

namespace BinAuthz.EndToEnd.Tests.Admission;

/// <summary>A project on an emulator of its own with attestors and images in every state that admission can meet.</summary>
public sealed class AdmissionWorld : IAsyncLifetime
{
    internal const string Project = "acme-prod";
    internal const string Cluster = "us-central1.prod";
    internal const string ClusterPath = $"clusters/{Project}/us-central1/prod/api/v1";
    internal const int DistinctImages = 500;
    private const int States = 8;

    /// <summary>Both have keys; the third has none, and the fourth is deleted after a policy has named it.</summary>
    internal static readonly string[] Attestors = ["first", "second", "keyless", "gone"];

    private readonly (ECDsa Key, string Id)[] trusted = [(ECDsa.Create(ECCurve.NamedCurves.nistP256), "//keys.example/first"), (ECDsa.Create(ECCurve.NamedCurves.nistP256), "//keys.example/second")];
    private readonly ECDsa foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private ServiceProvider? services;

    internal EmulatorHost Emulator { get; private set; } = null!;

    internal HttpClient Http { get; private set; } = null!;

    /// <summary>By index modulo 8: not attested; by the first, by the second, by both; by a key that is not listed; with a broken signature; with another digest's payload; under another name.</summary>
    internal ImageReference[] Images { get; } =
        [.. Enumerable.Range(0, DistinctImages).Select(index => ImageReference.Parse($"us-docker.pkg.dev/acme-prod/apps/web-{index % 7}@{ImageDigest.Of(SHA256.HashData(BitConverter.GetBytes(index)))}"))];

    public async ValueTask InitializeAsync()
    {
        Emulator = await EmulatorHost.StartAsync(new EmulatorOptions(), TestContext.Current.CancellationToken);
        services = new ServiceCollection().AddGoogleCloud(new BinAuthzOptions { Endpoint = Emulator.GrpcEndpoint }).BuildServiceProvider();
        Http = new HttpClient { BaseAddress = Emulator.RestEndpoint };
        using var made = await Http.PostAsJsonAsync(
            $"{ClusterPath}/namespaces", new { apiVersion = "v1", kind = "Namespace", metadata = new { name = "payments" } }, TestContext.Current.CancellationToken);
        made.EnsureSuccessStatusCode();
        foreach (var id in Attestors)
        {
            await Analysis.EnsureNoteAsync(Note(id), id, TestContext.Current.CancellationToken);
            await Authorization.EnsureAttestorAsync(Attestor(id), Note(id), TestContext.Current.CancellationToken);
        }

        foreach (var (index, (key, id)) in trusted.Index())
        {
            var listed = new AttestorKey(id, key.ExportSubjectPublicKeyInfoPem(), SignatureAlgorithm.FromBinAuthz(Authz.PkixPublicKey.Types.SignatureAlgorithm.EcdsaP256Sha256), "");
            await Authorization.AddKeyAsync(Attestor(Attestors[index]), listed, TestContext.Current.CancellationToken);
        }

        await Parallel.ForEachAsync(Images.Index(), TestContext.Current.CancellationToken, async (image, cancellation) => await AttestAsync(image.Item, image.Index % States, cancellation));
    }

    /// <summary>Makes a policy live. The attestor that is to be missing is there while the policy is set, because Google asks for that.</summary>
    internal async Task SetPolicyAsync(Authz.Policy policy)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await Authorization.EnsureAttestorAsync(Attestor("gone"), Note("gone"), cancellation);
        policy.Etag = (await Authorization.GetPolicyAsync(Project, cancellation)).Etag;
        await Authorization.UpdatePolicyAsync(policy, cancellation);
        await new Authz.BinauthzManagementServiceV1.BinauthzManagementServiceV1Client(services!.GetRequiredService<GoogleChannels>().For("binaryauthorization.googleapis.com"))
            .DeleteAttestorAsync(new Authz.DeleteAttestorRequest { Name = Attestor("gone").ToString() }, cancellationToken: cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await services!.DisposeAsync();
        await Emulator.DisposeAsync();
        foreach (var key in trusted.Select(each => each.Key).Append(foreign))
        {
            key.Dispose();
        }
    }

    internal static AttestorName Attestor(string id) => AttestorName.Parse($"projects/{Project}/attestors/{id}");

    private static NoteName Note(string id) => NoteName.Parse($"projects/{Project}/notes/{id}-note");

    private BinaryAuthorizationClient Authorization => services!.GetRequiredService<BinaryAuthorizationClient>();

    private ContainerAnalysisClient Analysis => services!.GetRequiredService<ContainerAnalysisClient>();

    private async Task AttestAsync(ImageReference image, int state, CancellationToken cancellation)
    {
        var payload = AttestationPayload.Create(image);
        switch (state)
        {
            case 1 or 2:
                await StoreAsync(image, state - 1, payload, Sign(trusted[state - 1].Key, payload), cancellation);
                break;
            case 3:
                await StoreAsync(image, 0, payload, Sign(trusted[0].Key, payload), cancellation);
                await StoreAsync(image, 1, payload, Sign(trusted[1].Key, payload), cancellation);
                break;
            case 4:
                await StoreAsync(image, 0, payload, Sign(foreign, payload), cancellation, "//keys.example/foreign");
                break;
            case 5:
                await StoreAsync(image, 0, payload, Sign(foreign, payload), cancellation);
                break;
            case 6:
                var other = AttestationPayload.Create(Images[0]);
                await StoreAsync(image, 0, other, Sign(trusted[0].Key, other), cancellation);
                break;
            case 7:
                var elsewhere = ImageReference.Parse($"us-docker.pkg.dev/acme-staging/apps/web@{image.Digest}");
                var named = AttestationPayload.Create(elsewhere);
                await StoreAsync(elsewhere, 0, named, Sign(trusted[0].Key, named), cancellation);
                break;
        }
    }

    private async Task StoreAsync(ImageReference image, int attestor, byte[] payload, byte[] signature, CancellationToken cancellation, string? keyId = null) =>
        await Analysis.CreateAttestationAsync(
            Project,
            new Attestation("", image.ResourceUri, Note(Attestors[attestor]), payload, [new AttestationSignature(keyId ?? trusted[attestor].Id, signature)], null),
            cancellation);

    private static byte[] Sign(ECDsa key, byte[] payload) => key.SignData(payload, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
}
