using System.Security.Cryptography;
using System.Text.RegularExpressions;
using BinAuthz.Emulator.Hosting;
using Google.Cloud.Kms.V1;
using Google.Protobuf.WellKnownTypes;
using AlgorithmName = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionAlgorithm;
using Purpose = Google.Cloud.Kms.V1.CryptoKey.Types.CryptoKeyPurpose;

namespace BinAuthz.Emulator.Kms;

/// <summary>What Cloud KMS accepts as a key.</summary>
internal static partial class KeyRules
{
    private const int MaxLabels = 64;

    private static readonly TimeSpan DefaultDestroyDelay = TimeSpan.FromDays(30);

    /// <summary>The key as it is stored: checked, with the defaults filled in.</summary>
    public static CryptoKey NewKey(string name, CryptoKey asked, Timestamp now)
    {
        CheckPurpose(asked.Purpose);
        CheckLabels(asked);
        if (asked.Purpose == Purpose.AsymmetricSign && (asked.RotationPeriod is not null || asked.NextRotationTime is not null))
        {
            throw RotationRefused();
        }

        return new CryptoKey
        {
            Name = name,
            Purpose = asked.Purpose,
            CreateTime = now,
            NextRotationTime = asked.NextRotationTime,
            RotationPeriod = asked.RotationPeriod,
            Labels = { asked.Labels },
            VersionTemplate = Template(asked),
            DestroyScheduledDuration = DestroyDelay(asked.DestroyScheduledDuration),
        };
    }

    /// <summary>Refuses an algorithm that a key of <paramref name="purpose"/> cannot have, or that is not emulated.</summary>
    public static void CheckAlgorithm(Purpose purpose, AlgorithmName algorithm)
    {
        if (purpose == Purpose.EncryptDecrypt)
        {
            if (algorithm != AlgorithmName.GoogleSymmetricEncryption)
            {
                throw Errors.Invalid($"Algorithm {WireName.Of(algorithm)} is not valid for a key with purpose ENCRYPT_DECRYPT.");
            }

            return;
        }

        if (!WireName.Of(algorithm).Contains("_SIGN_", StringComparison.Ordinal))
        {
            throw Errors.Invalid($"Algorithm {WireName.Of(algorithm)} is not valid for a key with purpose ASYMMETRIC_SIGN.");
        }

        if (KeyAlgorithm.Find(algorithm) is null)
        {
            throw Errors.Unimplemented($"{WireName.Of(algorithm)} is not emulated, because Binary Authorization accepts no such signatures.");
        }

        if (algorithm == AlgorithmName.PqSignMlDsa65 && !MLDsa.IsSupported)
        {
            throw Errors.Unimplemented("PQ_SIGN_ML_DSA_65 needs ML-DSA from the operating system (OpenSSL 3.5 or later), which this machine lacks.");
        }
    }

    public static void CheckLabels(CryptoKey key)
    {
        if (key.Labels.Count > MaxLabels)
        {
            throw Errors.Invalid($"A key may have {MaxLabels} labels; the request has {key.Labels.Count}.");
        }

        foreach (var (label, value) in key.Labels)
        {
            if (!LabelKey().IsMatch(label) || !LabelValue().IsMatch(value))
            {
                throw Errors.Invalid($"Label '{label}={value}' is invalid: keys match [a-z][a-z0-9_-]{{0,62}} and values [a-z0-9_-]{{0,63}}.");
            }
        }
    }

    // The words are ours: Google's text for this refusal is not published.
    public static Grpc.Core.RpcException RotationRefused() =>
        Errors.Invalid("Automatic rotation is only supported for keys with purpose ENCRYPT_DECRYPT: rotation_period and next_rotation_time must be omitted for ASYMMETRIC_SIGN.");

    private static void CheckPurpose(Purpose purpose)
    {
        if (purpose == Purpose.Unspecified)
        {
            throw Errors.Invalid("crypto_key.purpose must be given.");
        }

        if (purpose is not (Purpose.AsymmetricSign or Purpose.EncryptDecrypt))
        {
            throw Errors.Unimplemented($"Keys with purpose {WireName.Of(purpose)} are not emulated; ASYMMETRIC_SIGN and ENCRYPT_DECRYPT are.");
        }
    }

    private static CryptoKeyVersionTemplate Template(CryptoKey asked)
    {
        var template = asked.VersionTemplate?.Clone() ?? new CryptoKeyVersionTemplate();
        if (asked.Purpose == Purpose.EncryptDecrypt && template.Algorithm == AlgorithmName.Unspecified)
        {
            template.Algorithm = AlgorithmName.GoogleSymmetricEncryption;
        }

        if (template.Algorithm == AlgorithmName.Unspecified)
        {
            throw Errors.Invalid("crypto_key.version_template.algorithm must be given for keys with purpose ASYMMETRIC_SIGN.");
        }

        CheckAlgorithm(asked.Purpose, template.Algorithm);
        template.ProtectionLevel = template.ProtectionLevel switch
        {
            ProtectionLevel.Unspecified => ProtectionLevel.Software,
            ProtectionLevel.Software or ProtectionLevel.Hsm => template.ProtectionLevel,
            _ => throw Errors.Unimplemented("External key managers are not emulated; protection levels SOFTWARE and HSM are."),
        };
        return template;
    }

    private static Duration DestroyDelay(Duration? asked)
    {
        var delay = asked?.ToTimeSpan() ?? DefaultDestroyDelay;
        return delay >= TimeSpan.FromDays(1) && delay <= TimeSpan.FromDays(120)
            ? Duration.FromTimeSpan(delay)
            : throw Errors.Invalid("crypto_key.destroy_scheduled_duration must be between 24 hours and 120 days.");
    }

    [GeneratedRegex(@"^[a-z][a-z0-9_-]{0,62}\z")]
    private static partial Regex LabelKey();

    [GeneratedRegex(@"^[a-z0-9_-]{0,63}\z")]
    private static partial Regex LabelValue();
}
