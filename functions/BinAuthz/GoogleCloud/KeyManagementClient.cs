using System.Text;
using BinAuthz.Keys;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Kms = Google.Cloud.Kms.V1;

namespace BinAuthz.GoogleCloud;

/// <summary>Cloud KMS: key versions, their public keys, signatures. Checksums go both ways on every call that carries key material or digests.</summary>
internal sealed class KeyManagementClient(GoogleChannels channels)
{
    private const int Attempts = 3;
    private readonly Kms.KeyManagementService.KeyManagementServiceClient client = new(channels.For("cloudkms.googleapis.com"));

    /// <summary>The versions of <paramref name="key"/> that may sign, with the algorithm of each.</summary>
    /// <exception cref="GoogleCallException">NOT_FOUND: there is no such key.</exception>
    public async Task<IReadOnlyList<KeyVersion>> ListEnabledVersionsAsync(KeyName key, CancellationToken cancellationToken) =>
        [.. (await ListVersionsAsync(key, "state=ENABLED", cancellationToken).ConfigureAwait(false)).Where(version => version.IsEnabled).Select(version => new KeyVersion(version.Name, version.Algorithm))];

    /// <summary>All versions of <paramref name="key"/>, whatever their state, but none that KMS has forgotten.</summary>
    /// <exception cref="GoogleCallException">NOT_FOUND: there is no such key.</exception>
    public Task<IReadOnlyList<KeyVersionDescription>> ListVersionsAsync(KeyName key, CancellationToken cancellationToken) => ListVersionsAsync(key, "", cancellationToken);

    /// <summary>The state of a version.</summary>
    public async Task<Kms.CryptoKeyVersion.Types.CryptoKeyVersionState> GetStateAsync(KeyVersionName version, CancellationToken cancellationToken) =>
        (await client.GetCryptoKeyVersionAsync(new Kms.GetCryptoKeyVersionRequest { Name = version.ToString() }, Routing.To("name", version.ToString(), cancellationToken))
            .ConfigureAwait(false)).State;

    /// <summary>The public key of an enabled version, in PEM.</summary>
    /// <exception cref="CorruptedInTransitException">The answer's checksum or name did not fit, three times.</exception>
    public async Task<(string Pem, SignatureAlgorithm? Algorithm)> GetPublicKeyAsync(KeyVersionName version, CancellationToken cancellationToken)
    {
        var name = version.ToString();
        for (var attempt = 1; ; attempt++)
        {
            var answer = await client.GetPublicKeyAsync(new Kms.GetPublicKeyRequest { Name = name }, Routing.To("name", name, cancellationToken)).ConfigureAwait(false);
            if (answer.Name == name && answer.PemCrc32C == Crc32C.Of(Encoding.UTF8.GetBytes(answer.Pem)))
            {
                return (answer.Pem, SignatureAlgorithm.FromKms(answer.Algorithm));
            }

            ThrowAfter(attempt, "GetPublicKey", name);
        }
    }

    /// <summary>Signs <paramref name="data"/>: its digest goes to Cloud KMS, or the data where the algorithm takes no digest.</summary>
    /// <returns>The signature in the encoding of the algorithm.</returns>
    /// <exception cref="GoogleCallException">FAILED_PRECONDITION: the version is not enabled.</exception>
    /// <exception cref="CorruptedInTransitException">A checksum or the name did not fit, three times.</exception>
    public async Task<byte[]> SignAsync(KeyVersionName version, SignatureAlgorithm algorithm, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        var request = SignRequest(version.ToString(), algorithm, data.Span);
        for (var attempt = 1; ; attempt++)
        {
            var answer = await client.AsymmetricSignAsync(request, Routing.To("name", request.Name, cancellationToken)).ConfigureAwait(false);
            var received = request.Digest is null ? answer.VerifiedDataCrc32C : answer.VerifiedDigestCrc32C;
            if (received && answer.Name == request.Name && answer.SignatureCrc32C == Crc32C.Of(answer.Signature.Span))
            {
                return answer.Signature.ToByteArray();
            }

            ThrowAfter(attempt, "AsymmetricSign", request.Name);
        }
    }

    /// <summary>Makes a key ring unless there is one.</summary>
    /// <returns>Whether it was made.</returns>
    public Task<bool> EnsureKeyRingAsync(KeyName key, CancellationToken cancellationToken)
    {
        var parent = $"projects/{key.Project}/locations/{key.Location}";
        return Creation.UnlessExistsAsync(client.CreateKeyRingAsync(
            new Kms.CreateKeyRingRequest { Parent = parent, KeyRingId = key.KeyRing, KeyRing = new Kms.KeyRing() }, Routing.To("parent", parent, cancellationToken)));
    }

    /// <summary>Makes an asymmetric signing key in software, with its first version, unless there is one.</summary>
    /// <returns>Whether it was made.</returns>
    public Task<bool> EnsureKeyAsync(KeyName key, SignatureAlgorithm algorithm, CancellationToken cancellationToken) =>
        EnsureKeyAsync(key, algorithm, Kms.ProtectionLevel.Software, cancellationToken);

    /// <summary>Makes an asymmetric signing key with its first version unless there is one; its protection level can never be changed.</summary>
    /// <returns>Whether it was made.</returns>
    public Task<bool> EnsureKeyAsync(KeyName key, SignatureAlgorithm algorithm, Kms.ProtectionLevel protection, CancellationToken cancellationToken)
    {
        var parent = $"projects/{key.Project}/locations/{key.Location}/keyRings/{key.KeyRing}";
        var made = new Kms.CryptoKey
        {
            Purpose = Kms.CryptoKey.Types.CryptoKeyPurpose.AsymmetricSign,
            VersionTemplate = new Kms.CryptoKeyVersionTemplate { Algorithm = algorithm.Kms, ProtectionLevel = protection },
        };
        return Creation.UnlessExistsAsync(client.CreateCryptoKeyAsync(
            new Kms.CreateCryptoKeyRequest { Parent = parent, CryptoKeyId = key.Key, CryptoKey = made }, Routing.To("parent", parent, cancellationToken)));
    }

    /// <summary>Whether the key exists.</summary>
    public async Task<bool> KeyExistsAsync(KeyName key, CancellationToken cancellationToken) => await FindKeyAsync(key, cancellationToken).ConfigureAwait(false) is not null;

    /// <summary>What the key is for.</summary>
    /// <returns>Null: there is none of that name.</returns>
    public async Task<KeyDescription?> FindKeyAsync(KeyName key, CancellationToken cancellationToken)
    {
        try
        {
            var found = await client.GetCryptoKeyAsync(new Kms.GetCryptoKeyRequest { Name = key.ToString() }, Routing.To("name", key.ToString(), cancellationToken)).ConfigureAwait(false);
            return new KeyDescription(found.Purpose, found.RotationPeriod is not null || found.NextRotationTime is not null)
            {
                Template = SignatureAlgorithm.FromKms(found.VersionTemplate?.Algorithm ?? default),
            };
        }
        catch (GoogleCallException error) when (error.Status == StatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Makes a version of an algorithm; other versions stay as they are. Not retried: a second call would make a second version.</summary>
    /// <param name="key">The key.</param>
    /// <param name="algorithm">Of the new version, and of those that are made after it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The version, which is still being generated perhaps.</returns>
    /// <exception cref="GoogleCallException">NOT_FOUND: there is no such key.</exception>
    public async Task<KeyVersionDescription> CreateVersionAsync(KeyName key, SignatureAlgorithm algorithm, CancellationToken cancellationToken)
    {
        var name = key.ToString();
        if ((await FindKeyAsync(key, cancellationToken).ConfigureAwait(false))?.Template != algorithm)
        {
            var template = new Kms.CryptoKey { Name = name, VersionTemplate = new Kms.CryptoKeyVersionTemplate { Algorithm = algorithm.Kms } };
            var mask = new FieldMask { Paths = { "version_template.algorithm" } };
            await client.UpdateCryptoKeyAsync(new Kms.UpdateCryptoKeyRequest { CryptoKey = template, UpdateMask = mask }, Routing.To("crypto_key.name", name, cancellationToken)).ConfigureAwait(false);
        }

        var request = new Kms.CreateCryptoKeyVersionRequest { Parent = name, CryptoKeyVersion = new Kms.CryptoKeyVersion() };
        return Describe(await client.CreateCryptoKeyVersionAsync(request, Routing.To("parent", name, cancellationToken)).ConfigureAwait(false));
    }

    /// <summary>Disables a version; it can be enabled again. Signing may go on for about a minute (docs: kms/consistency).</summary>
    /// <exception cref="GoogleCallException">FAILED_PRECONDITION: its destruction is scheduled or done.</exception>
    public async Task DisableAsync(KeyVersionName version, CancellationToken cancellationToken)
    {
        var name = version.ToString();
        var disabled = new Kms.CryptoKeyVersion { Name = name, State = Kms.CryptoKeyVersion.Types.CryptoKeyVersionState.Disabled };
        var request = new Kms.UpdateCryptoKeyVersionRequest { CryptoKeyVersion = disabled, UpdateMask = new FieldMask { Paths = { "state" } } };
        await client.UpdateCryptoKeyVersionAsync(request, Routing.To("crypto_key_version.name", name, cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>Schedules the destruction of a version; until then it can be restored.</summary>
    /// <exception cref="GoogleCallException">FAILED_PRECONDITION: that was done before.</exception>
    public async Task ScheduleDestroyAsync(KeyVersionName version, CancellationToken cancellationToken) =>
        await client.DestroyCryptoKeyVersionAsync(new Kms.DestroyCryptoKeyVersionRequest { Name = version.ToString() }, Routing.To("name", version.ToString(), cancellationToken)).ConfigureAwait(false);

    private async Task<IReadOnlyList<KeyVersionDescription>> ListVersionsAsync(KeyName key, string filter, CancellationToken cancellationToken)
    {
        var versions = new List<KeyVersionDescription>();
        var request = new Kms.ListCryptoKeyVersionsRequest { Parent = key.ToString(), PageSize = 1000, Filter = filter };
        var tokens = new PageTokens("ListCryptoKeyVersions", request.Parent);
        do
        {
            var page = await client.ListCryptoKeyVersionsAsync(request, Routing.To("parent", request.Parent, cancellationToken)).ConfigureAwait(false);
            versions.AddRange(page.CryptoKeyVersions.Select(Describe));
            request.PageToken = page.NextPageToken;
        }
        while (tokens.Follow(request.PageToken));
        return versions;
    }

    private static KeyVersionDescription Describe(Kms.CryptoKeyVersion version) =>
        new(KeyVersionName.Parse(version.Name), version.State, SignatureAlgorithm.FromKms(version.Algorithm))
        {
            Created = version.CreateTime?.ToDateTimeOffset() ?? DateTimeOffset.MinValue,
            Destroyed = (version.DestroyEventTime ?? version.DestroyTime)?.ToDateTimeOffset(),
            Protection = version.ProtectionLevel,
            IsImported = version.ImportJob.Length > 0,
            Failure = version.GenerationFailureReason,
        };

    private static Kms.AsymmetricSignRequest SignRequest(string name, SignatureAlgorithm algorithm, ReadOnlySpan<byte> data)
    {
        if (!algorithm.SignsDigest)
        {
            return new Kms.AsymmetricSignRequest { Name = name, Data = ByteString.CopyFrom(data), DataCrc32C = Crc32C.Of(data) };
        }

        var digest = ByteString.CopyFrom(algorithm.Hash(data));
        return new Kms.AsymmetricSignRequest
        {
            Name = name,
            DigestCrc32C = Crc32C.Of(digest.Span),
            Digest = digest.Length switch
            {
                32 => new Kms.Digest { Sha256 = digest },
                48 => new Kms.Digest { Sha384 = digest },
                _ => new Kms.Digest { Sha512 = digest },
            },
        };
    }

    private static void ThrowAfter(int attempt, string method, string name)
    {
        if (attempt == Attempts)
        {
            throw new CorruptedInTransitException(method, name);
        }
    }
}
