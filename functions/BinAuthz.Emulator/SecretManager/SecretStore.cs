using System.Globalization;
using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.State;
using Google.Cloud.SecretManager.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace BinAuthz.Emulator.SecretManager;

/// <summary>The secrets with their versions.</summary>
internal sealed class SecretStore(EmulatorStore store, TimeProvider time)
{
    private const int LargestPayload = 64 * 1024;

    private readonly Table<StoredSecret> secrets = store.Table("secret", StoredSecret.Parser);

    public Secret Create(string parent, string id, Secret wanted)
    {
        SecretName.CheckId(id);
        if (wanted?.Replication is null || wanted.Replication.ReplicationCase == Replication.ReplicationOneofCase.None)
        {
            throw Errors.Invalid("secret.replication must be automatic or user_managed.");
        }

        var secret = wanted.Clone();
        secret.Name = $"{SecretName.ByNumber(parent)}/secrets/{id}";
        secret.CreateTime = Now();
        secret.Etag = Etags.Text(secret);
        return secrets.TryAdd(secret.Name, new StoredSecret { Secret = secret })
            ? secret
            : throw Errors.AlreadyExists($"Secret [{secret.Name}] already exists.");
    }

    public StoredSecret Get(string name) => secrets.Find(SecretName.ByNumber(name)) ?? throw NotFound(name);

    public void Delete(string name)
    {
        if (!secrets.Remove(SecretName.ByNumber(name)))
        {
            throw NotFound(name);
        }
    }

    public IReadOnlyList<Secret> List(string parent) => [.. secrets.List($"{SecretName.ByNumber(parent)}/secrets").Select(stored => stored.Secret)];

    public SecretVersion AddVersion(string name, SecretPayload payload)
    {
        if (payload.Data.Length is 0 or > LargestPayload)
        {
            throw Errors.Invalid($"payload.data has {payload.Data.Length} bytes; 1 to {LargestPayload} are allowed.");
        }

        if (payload.HasDataCrc32C && payload.DataCrc32C != Kms.Crc32C.Of(payload.Data.Span))
        {
            throw Errors.Invalid("payload.data_crc32c is not the CRC32C of payload.data.");
        }

        SecretVersion? added = null;
        _ = secrets.Update(SecretName.ByNumber(name), stored =>
        {
            added = new SecretVersion
            {
                Name = string.Create(CultureInfo.InvariantCulture, $"{stored.Secret.Name}/versions/{stored.Versions.Count + 1}"),
                CreateTime = Now(),
                State = SecretVersion.Types.State.Enabled,
                ClientSpecifiedPayloadChecksum = payload.HasDataCrc32C,
            };
            added.Etag = Etags.Text(added);
            stored.Versions.Add(new StoredSecret.Types.Version { Resource = added.Clone(), Data = payload.Data });
            return stored;
        });
        return added ?? throw NotFound(name);
    }

    public StoredSecret.Types.Version Version(string name)
    {
        var (secret, version) = SecretName.Split(name);
        return Find(Get(secret), version) ?? throw Errors.NotFound($"Secret Version [{name}] not found.");
    }

    /// <summary>Changes the state of a version; what is destroyed stays so.</summary>
    public SecretVersion Change(string name, SecretVersion.Types.State state)
    {
        var (secret, version) = SecretName.Split(name);
        SecretVersion? changed = null;
        _ = secrets.Update(secret, stored =>
        {
            var found = Find(stored, version) ?? throw Errors.NotFound($"Secret Version [{name}] not found.");
            if (found.Resource.State == SecretVersion.Types.State.Destroyed && state != SecretVersion.Types.State.Destroyed)
            {
                throw Errors.Precondition($"Secret Version [{found.Resource.Name}] is in DESTROYED state.");
            }

            found.Resource.State = state;
            if (state == SecretVersion.Types.State.Destroyed)
            {
                found.Resource.DestroyTime ??= Now();
                found.Data = ByteString.Empty;
            }

            found.Resource.Etag = "";
            found.Resource.Etag = Etags.Text(found.Resource);
            changed = found.Resource.Clone();
            return stored;
        });
        return changed ?? throw NotFound(secret);
    }

    // "latest" is the one made last (docs: secret-manager reference, projects.secrets.versions.access).
    private static StoredSecret.Types.Version? Find(StoredSecret stored, string version) =>
        version == "latest" ? stored.Versions.LastOrDefault()
        : int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? stored.Versions.ElementAtOrDefault(number - 1)
        : stored.Secret.VersionAliases.TryGetValue(version, out var alias) ? stored.Versions.ElementAtOrDefault((int)alias - 1)
        : null;

    private Timestamp Now() => Timestamp.FromDateTimeOffset(time.GetUtcNow());

    private static Grpc.Core.RpcException NotFound(string name) => Errors.NotFound($"Secret [{name}] not found.");
}
