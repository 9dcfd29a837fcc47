using BinAuthz.Attestations;
using BinAuthz.GoogleCloud;
using BinAuthz.Keys;

namespace BinAuthz.Rotation;

/// <summary>The records of versions' trust in the evidence bucket. They are only ever added.</summary>
internal sealed class KeyRecords(StorageClient storage, EvidenceBucket bucket)
{
    // Objects are never changed, so each is read once in a process.
    private readonly Recent<string, KeyRecord> known = new(1000);

    /// <summary>Keeps a record. One of the same version, kind and time is there already after a lost answer.</summary>
    /// <exception cref="GoogleCallException">The bucket did not take it.</exception>
    public Task StoreAsync(AttestorName attestor, KeyRecord record, CancellationToken cancellationToken) =>
        storage.CreateAsync(bucket.Name, KeyRecordName.Of(attestor, record), KeyRecordJson.Write(record), "application/json", cancellationToken);

    /// <summary>The records of all versions of a key, in the order of time.</summary>
    /// <exception cref="GoogleCallException">NOT_FOUND: there is no such bucket.</exception>
    /// <exception cref="RotationException">What is kept there cannot be read; the message names it.</exception>
    public async Task<IReadOnlyList<KeyRecord>> ReadAsync(AttestorName attestor, KeyName key, CancellationToken cancellationToken)
    {
        var names = await storage.ListAsync(bucket.Name, KeyRecordName.Prefix(attestor, key), cancellationToken).ConfigureAwait(false);
        var records = await Task.WhenAll(names.Select(name => ReadAsync(name, cancellationToken))).ConfigureAwait(false);
        // A key of the same ring and name in another project or location is another key.
        return [.. records.Where(record => record.Version.Key == key).OrderBy(record => record.At)];
    }

    private async Task<KeyRecord> ReadAsync(string name, CancellationToken cancellationToken)
    {
        if (known.Find(name) is { } record)
        {
            return record;
        }

        try
        {
            record = KeyRecordJson.Read(await storage.ReadAsync(bucket.Name, name, cancellationToken).ConfigureAwait(false));
            known.Remember(name, record);
            return record;
        }
        catch (FormatException error)
        {
            throw new RotationException($"gs://{bucket.Name}/{name} is no record of a key version: {error.Message}. Find out who put it there; what the rotation knows of that version cannot be told without it.", error);
        }
    }
}
