using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.State;
using Google.Cloud.Kms.V1;
using Google.Protobuf;
using Grpc.Core;

namespace BinAuthz.Emulator.Kms;

/// <summary>Cloud KMS v1.</summary>
internal sealed class KeyManagement(KeyStore store, KeyChanges changes, SigningDesk desk, KeyAudit audit) : KeyManagementService.KeyManagementServiceBase
{
    public override Task<KeyRing> GetKeyRing(GetKeyRingRequest request, ServerCallContext context) => Task.FromResult(store.Ring(KmsNames.KeyRing(request.Name)));

    public override Task<KeyRing> CreateKeyRing(CreateKeyRingRequest request, ServerCallContext context) =>
        Task.FromResult(store.AddRing($"{KmsNames.Location(request.Parent)}/keyRings/{KmsNames.Id("key_ring_id", request.KeyRingId)}"));

    public override Task<ListKeyRingsResponse> ListKeyRings(ListKeyRingsRequest request, ServerCallContext context)
    {
        KmsFilter.CheckOrder(request.OrderBy);
        var all = KmsFilter.Apply(store.Rings(KmsNames.Location(request.Parent)), request.Filter, (ring, field) => field == "name" ? ring.Name : null);
        var page = Page.Of(all, request.PageSize, request.PageToken);
        return Task.FromResult(new ListKeyRingsResponse { KeyRings = { page.Items }, NextPageToken = page.NextToken, TotalSize = all.Count });
    }

    public override Task<CryptoKey> GetCryptoKey(GetCryptoKeyRequest request, ServerCallContext context) =>
        Task.FromResult(WithPrimary(store.Key(KmsNames.CryptoKey(request.Name))));

    public override Task<CryptoKey> CreateCryptoKey(CreateCryptoKeyRequest request, ServerCallContext context) => Task.FromResult(changes.CreateKey(request));

    public override Task<CryptoKey> UpdateCryptoKey(UpdateCryptoKeyRequest request, ServerCallContext context) => Task.FromResult(WithPrimary(changes.UpdateKey(request)));

    public override Task<CryptoKey> UpdateCryptoKeyPrimaryVersion(UpdateCryptoKeyPrimaryVersionRequest request, ServerCallContext context) =>
        Task.FromResult(changes.SetPrimary(request));

    public override Task<ListCryptoKeysResponse> ListCryptoKeys(ListCryptoKeysRequest request, ServerCallContext context)
    {
        KmsFilter.CheckOrder(request.OrderBy);
        var ring = store.Ring(KmsNames.KeyRing(request.Parent));
        var all = KmsFilter.Apply(store.Keys(ring.Name), request.Filter, FieldOf);
        var page = Page.Of(all, request.PageSize, request.PageToken);
        return Task.FromResult(new ListCryptoKeysResponse { CryptoKeys = { page.Items.Select(WithPrimary) }, NextPageToken = page.NextToken, TotalSize = all.Count });
    }

    public override Task<CryptoKeyVersion> GetCryptoKeyVersion(GetCryptoKeyVersionRequest request, ServerCallContext context) =>
        Task.FromResult(store.Version(KmsNames.Version(request.Name)).Version);

    public override Task<ListCryptoKeyVersionsResponse> ListCryptoKeyVersions(ListCryptoKeyVersionsRequest request, ServerCallContext context)
    {
        KmsFilter.CheckOrder(request.OrderBy);
        var key = store.Key(KmsNames.CryptoKey(request.Parent));
        var all = KmsFilter.Apply(store.Versions(key.Name), request.Filter, FieldOf);
        var page = Page.Of(all, request.PageSize, request.PageToken);
        return Task.FromResult(new ListCryptoKeyVersionsResponse { CryptoKeyVersions = { page.Items }, NextPageToken = page.NextToken, TotalSize = all.Count });
    }

    public override Task<CryptoKeyVersion> CreateCryptoKeyVersion(CreateCryptoKeyVersionRequest request, ServerCallContext context) =>
        Audited(context, "create", request.Parent, request, changes.CreateVersion(request));

    public override Task<CryptoKeyVersion> UpdateCryptoKeyVersion(UpdateCryptoKeyVersionRequest request, ServerCallContext context)
    {
        var updated = changes.UpdateVersion(request);
        return Audited(context, "update", updated.Name, request, updated);
    }

    public override Task<CryptoKeyVersion> DestroyCryptoKeyVersion(DestroyCryptoKeyVersionRequest request, ServerCallContext context) =>
        Audited(context, "destroy", request.Name, request, changes.Destroy(KmsNames.Version(request.Name)));

    public override Task<CryptoKeyVersion> RestoreCryptoKeyVersion(RestoreCryptoKeyVersionRequest request, ServerCallContext context) =>
        Audited(context, "restore", request.Name, request, changes.Restore(KmsNames.Version(request.Name)));

    public override Task<PublicKey> GetPublicKey(GetPublicKeyRequest request, ServerCallContext context) => Task.FromResult(desk.PublicKey(request));

    public override Task<AsymmetricSignResponse> AsymmetricSign(AsymmetricSignRequest request, ServerCallContext context) => Task.FromResult(desk.Sign(request));

    private Task<CryptoKeyVersion> Audited(ServerCallContext context, string verb, string resource, IMessage request, CryptoKeyVersion version)
    {
        audit.Done(context, verb, resource, request, version);
        return Task.FromResult(version);
    }

    private CryptoKey WithPrimary(CryptoKey key)
    {
        if (key.Primary is not null)
        {
            key.Primary = store.Version(key.Primary.Name).Version;
        }

        return key;
    }

    private static string? FieldOf(CryptoKey key, string field) => field switch
    {
        "name" => key.Name,
        "purpose" => WireName.Of(key.Purpose),
        _ when field.StartsWith("labels.", StringComparison.Ordinal) => key.Labels.TryGetValue(field["labels.".Length..], out var value) ? value : "",
        _ => null,
    };

    private static string? FieldOf(CryptoKeyVersion version, string field) => field switch
    {
        "name" => version.Name,
        "state" => WireName.Of(version.State),
        "algorithm" => WireName.Of(version.Algorithm),
        "protection_level" or "protectionLevel" => WireName.Of(version.ProtectionLevel),
        _ => null,
    };
}
