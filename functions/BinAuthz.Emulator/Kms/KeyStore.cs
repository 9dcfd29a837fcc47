using System.Globalization;
using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.State;
using Google.Cloud.Kms.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using VersionState = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionState;

namespace BinAuthz.Emulator.Kms;

/// <summary>Key rings, keys and versions. What time brings about, generation and destruction, happens when a version is next looked at.</summary>
internal sealed class KeyStore
{
    /// <summary>The key with which Cloud Build signs its provenance.</summary>
    public const string VerifiedBuilderKey = "projects/verified-builder/locations/global/keyRings/attestor/cryptoKeys/google-hosted-worker";

    private readonly TimeProvider time;
    private readonly EmulatorSwitches switches;
    private readonly Table<KeyRing> rings;
    private readonly Table<CryptoKey> keys;
    private readonly Table<StoredKeyVersion> versions;

    public KeyStore(EmulatorStore store, TimeProvider time, EmulatorSwitches switches)
    {
        this.time = time;
        this.switches = switches;
        rings = store.Table("kms-key-ring", KeyRing.Parser);
        keys = store.Table("kms-key", CryptoKey.Parser);
        versions = store.Table("kms-key-version", StoredKeyVersion.Parser);
        AddVerifiedBuilder();
    }

    public Timestamp Now => Timestamp.FromDateTimeOffset(time.GetUtcNow());

    public KeyRing Ring(string name) => rings.Find(name) ?? throw Errors.NotFound($"KeyRing {name} not found.");

    public IReadOnlyList<KeyRing> Rings(string location) => rings.List($"{location}/keyRings");

    public KeyRing AddRing(string name)
    {
        var ring = new KeyRing { Name = name, CreateTime = Now };
        return rings.TryAdd(name, ring) ? ring : throw Errors.AlreadyExists($"KeyRing {name} already exists.");
    }

    public CryptoKey Key(string name) => keys.Find(name) ?? throw Errors.NotFound($"CryptoKey {name} not found.");

    public IReadOnlyList<CryptoKey> Keys(string ring) => keys.List($"{ring}/cryptoKeys");

    public void AddKey(CryptoKey key)
    {
        if (!keys.TryAdd(key.Name, key))
        {
            throw Errors.AlreadyExists($"CryptoKey {key.Name} already exists.");
        }
    }

    public CryptoKey UpdateKey(string name, Func<CryptoKey, CryptoKey> change) => keys.Update(name, change) ?? throw Errors.NotFound($"CryptoKey {name} not found.");

    /// <summary>A new version, with the next number. Asymmetric ones are generated later, if only by an instant.</summary>
    public CryptoKeyVersion AddVersion(CryptoKey key)
    {
        var signs = key.Purpose == CryptoKey.Types.CryptoKeyPurpose.AsymmetricSign;
        var stored = new StoredKeyVersion
        {
            Version = new CryptoKeyVersion
            {
                State = signs ? VersionState.PendingGeneration : VersionState.Enabled,
                CreateTime = Now,
                GenerateTime = signs ? null : Now,
                ProtectionLevel = key.VersionTemplate.ProtectionLevel,
                Algorithm = key.VersionTemplate.Algorithm,
            },
        };
        var number = versions.List($"{key.Name}/cryptoKeyVersions").Count;
        do
        {
            number++;
            stored.Version.Name = string.Create(CultureInfo.InvariantCulture, $"{key.Name}/cryptoKeyVersions/{number}");
        }
        while (!versions.TryAdd(stored.Version.Name, stored));

        return stored.Version;
    }

    public StoredKeyVersion Version(string name) => Settle(versions.Find(name) ?? throw Errors.NotFound($"CryptoKeyVersion {name} not found."));

    /// <summary>The versions of a key, oldest first.</summary>
    public IReadOnlyList<CryptoKeyVersion> Versions(string key) =>
        [.. versions.List($"{key}/cryptoKeyVersions").Select(stored => Settle(stored).Version).OrderBy(version => KmsNames.Number(version.Name))];

    /// <summary>Changes a version in one step; <paramref name="change"/> may throw to refuse.</summary>
    public CryptoKeyVersion UpdateVersion(string name, Action<CryptoKeyVersion> change)
    {
        Version(name);
        return versions.Update(name, stored =>
        {
            var wasEnabled = stored.Version.State == VersionState.Enabled;
            change(stored.Version);
            if (wasEnabled && stored.Version.State != VersionState.Enabled)
            {
                stored.DisabledTime = Now;
            }

            return stored;
        })!.Version;
    }

    private StoredKeyVersion Settle(StoredKeyVersion stored)
    {
        var version = stored.Version;
        var now = time.GetUtcNow();
        if (version.State == VersionState.PendingGeneration && version.CreateTime.ToDateTimeOffset() + switches.KeyGenerationTime <= now)
        {
            return switches.FailKeyGeneration ? Fail(version) : Generate(version);
        }

        if (version.State == VersionState.DestroyScheduled && version.DestroyTime.ToDateTimeOffset() <= now)
        {
            return Change(version.Name, VersionState.DestroyScheduled, row =>
            {
                row.Version.State = VersionState.Destroyed;
                row.Version.DestroyEventTime = row.Version.DestroyTime;
                row.PrivateKey = ByteString.Empty;
            });
        }

        return stored;
    }

    private StoredKeyVersion Generate(CryptoKeyVersion version)
    {
        var material = KeyMaterial.Generate(version.Algorithm);
        return Change(version.Name, VersionState.PendingGeneration, row =>
        {
            row.Version.State = VersionState.Enabled;
            row.Version.GenerateTime = Now;
            row.PrivateKey = ByteString.CopyFrom(material.Private);
            row.PublicPem = material.PublicPem;
        });
    }

    private StoredKeyVersion Fail(CryptoKeyVersion version) => Change(version.Name, VersionState.PendingGeneration, row =>
    {
        row.Version.State = VersionState.GenerationFailed;
        row.Version.GenerationFailureReason = "The switch failKeyGeneration is on.";
    });

    // Two callers may settle the same version; the first one's outcome stays.
    private StoredKeyVersion Change(string name, VersionState from, Action<StoredKeyVersion> change) => versions.Update(name, row =>
    {
        if (row.Version.State == from)
        {
            change(row);
        }

        return row;
    })!;

    private void AddVerifiedBuilder()
    {
        if (keys.Find(VerifiedBuilderKey) is not null)
        {
            return;
        }

        var ring = VerifiedBuilderKey[..VerifiedBuilderKey.IndexOf("/cryptoKeys/", StringComparison.Ordinal)];
        rings.TryAdd(ring, new KeyRing { Name = ring, CreateTime = Now });
        var key = KeyRules.NewKey(VerifiedBuilderKey, new CryptoKey
        {
            Purpose = CryptoKey.Types.CryptoKeyPurpose.AsymmetricSign,
            VersionTemplate = new CryptoKeyVersionTemplate { Algorithm = CryptoKeyVersion.Types.CryptoKeyVersionAlgorithm.EcSignP256Sha256 },
        }, Now);
        Generate(AddVersion(key));
        keys.TryAdd(key.Name, key);
    }
}
