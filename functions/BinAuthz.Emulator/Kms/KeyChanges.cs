using BinAuthz.Emulator.Hosting;
using Google.Cloud.Kms.V1;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Purpose = Google.Cloud.Kms.V1.CryptoKey.Types.CryptoKeyPurpose;
using VersionState = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionState;

namespace BinAuthz.Emulator.Kms;

/// <summary>What may be changed in a key and in a version, and from which state.</summary>
internal sealed class KeyChanges(KeyStore store)
{
    public CryptoKey CreateKey(CreateCryptoKeyRequest request)
    {
        var ring = store.Ring(KmsNames.KeyRing(request.Parent));
        var name = $"{ring.Name}/cryptoKeys/{KmsNames.Id("crypto_key_id", request.CryptoKeyId)}";
        var key = KeyRules.NewKey(name, request.CryptoKey ?? new CryptoKey(), store.Now);
        store.AddKey(key);
        if (request.SkipInitialVersionCreation)
        {
            return key;
        }

        var version = store.AddVersion(key);
        return key.Purpose == Purpose.AsymmetricSign ? key : store.UpdateKey(name, row =>
        {
            row.Primary = version;
            return row;
        });
    }

    public CryptoKey UpdateKey(UpdateCryptoKeyRequest request)
    {
        var asked = request.CryptoKey ?? throw Errors.Invalid("crypto_key must be given.");
        var fields = Fields(request.UpdateMask);
        store.Key(KmsNames.CryptoKey(asked.Name));
        return store.UpdateKey(asked.Name, key =>
        {
            foreach (var field in fields)
            {
                Change(key, asked, field);
            }

            return key;
        });
    }

    public CryptoKey SetPrimary(UpdateCryptoKeyPrimaryVersionRequest request)
    {
        var key = store.Key(KmsNames.CryptoKey(request.Name));
        if (key.Purpose != Purpose.EncryptDecrypt)
        {
            throw Errors.Invalid($"{key.Name} has purpose {WireName.Of(key.Purpose)}: only keys with purpose ENCRYPT_DECRYPT have a primary version.");
        }

        var version = store.Version(KmsNames.Version($"{key.Name}/cryptoKeyVersions/{request.CryptoKeyVersionId}")).Version;
        return version.State != VersionState.Enabled
            ? throw Errors.Precondition($"{version.Name} is not enabled, current state is: {WireName.Of(version.State)}.")
            : store.UpdateKey(key.Name, row =>
        {
            row.Primary = version;
            return row;
        });
    }

    public CryptoKeyVersion CreateVersion(CreateCryptoKeyVersionRequest request)
    {
        var key = store.Key(KmsNames.CryptoKey(request.Parent));
        KeyRules.CheckAlgorithm(key.Purpose, key.VersionTemplate.Algorithm);
        return store.AddVersion(key);
    }

    public CryptoKeyVersion UpdateVersion(UpdateCryptoKeyVersionRequest request)
    {
        var asked = request.CryptoKeyVersion ?? throw Errors.Invalid("crypto_key_version must be given.");
        if (Fields(request.UpdateMask).FirstOrDefault(field => field != "state") is { } unsupported)
        {
            throw Errors.Invalid($"update_mask names '{unsupported}': only state can be updated.");
        }

        if (asked.State is not (VersionState.Enabled or VersionState.Disabled))
        {
            throw Errors.Invalid($"crypto_key_version.state cannot be set to {WireName.Of(asked.State)}: only ENABLED and DISABLED can be asked for.");
        }

        return store.UpdateVersion(KmsNames.Version(asked.Name), version =>
        {
            Require(version, "updated", VersionState.Enabled, VersionState.Disabled);
            version.State = asked.State;
        });
    }

    public CryptoKeyVersion Destroy(string name)
    {
        var delay = store.Key(KmsNames.KeyOf(name)).DestroyScheduledDuration;
        return store.UpdateVersion(name, version =>
        {
            Require(version, "destroyed", VersionState.Enabled, VersionState.Disabled);
            version.State = VersionState.DestroyScheduled;
            version.DestroyTime = store.Now + delay;
        });
    }

    public CryptoKeyVersion Restore(string name) => store.UpdateVersion(name, version =>
    {
        Require(version, "restored", VersionState.DestroyScheduled);
        version.State = VersionState.Disabled;
        version.DestroyTime = null;
    });

    private static void Require(CryptoKeyVersion version, string action, params VersionState[] states)
    {
        if (!states.Contains(version.State))
        {
            throw Errors.Precondition($"{version.Name} cannot be {action}, current state is: {WireName.Of(version.State)}.");
        }
    }

    private static RepeatedField<string> Fields(FieldMask? mask) => mask is { Paths.Count: > 0 }
        ? mask.Paths
        : throw Errors.Invalid("update_mask must be given and name at least one field.");

    private static void Change(CryptoKey key, CryptoKey asked, string field)
    {
        switch (field)
        {
            case "labels":
                KeyRules.CheckLabels(asked);
                key.Labels.Clear();
                key.Labels.Add(asked.Labels);
                break;
            case "version_template" or "version_template.algorithm":
                var algorithm = asked.VersionTemplate?.Algorithm ?? default;
                KeyRules.CheckAlgorithm(key.Purpose, algorithm);
                key.VersionTemplate.Algorithm = algorithm;
                break;
            case "rotation_period" or "next_rotation_time" when key.Purpose != Purpose.EncryptDecrypt:
                throw KeyRules.RotationRefused();
            case "rotation_period":
                key.RotationPeriod = asked.RotationPeriod;
                break;
            case "next_rotation_time":
                key.NextRotationTime = asked.NextRotationTime;
                break;
            default:
                throw Errors.Of(StatusCode.InvalidArgument, $"update_mask names '{field}', which cannot be updated.");
        }
    }
}
