using BinAuthz.Attestations;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;

namespace BinAuthz.Decisions;

/// <summary>
/// The evaluations after which nothing was signed, in the evidence bucket: <c>refusals/ATTESTOR_ID/sha256/HEX/TIMESTAMP.json</c>,
/// each as it is published. Later ones sort after earlier ones.
/// </summary>
internal sealed class RefusalRecords(StorageClient storage)
{
    /// <summary>Stores a refusal. One that is there stays as it is: the same evaluation was stored before.</summary>
    /// <exception cref="GoogleCallException">The bucket did not take it.</exception>
    public Task StoreAsync(EvidenceBucket bucket, Decision refusal, ReadOnlyMemory<byte> json, CancellationToken cancellationToken) =>
        storage.CreateAsync(bucket.Name, NameOf(refusal), json, "application/json", cancellationToken);

    /// <summary>The latest refusal of an image by an attestor.</summary>
    /// <returns>Null: none is kept.</returns>
    /// <exception cref="GoogleCallException">NOT_FOUND: there is no such bucket.</exception>
    /// <exception cref="FormatException">What is kept there is no refusal of this image by this attestor; the message names it.</exception>
    public async Task<Decision?> FindLatestAsync(EvidenceBucket bucket, AttestorName attestor, ImageDigest digest, CancellationToken cancellationToken)
    {
        var names = await storage.ListAsync(bucket.Name, Prefix(attestor, digest), cancellationToken).ConfigureAwait(false);
        return names.Max(StringComparer.Ordinal) is { } latest
            ? Read($"gs://{bucket.Name}/{latest}", await storage.ReadAsync(bucket.Name, latest, cancellationToken).ConfigureAwait(false), attestor, digest)
            : null;
    }

    private static Decision Read(string name, byte[] json, AttestorName attestor, ImageDigest digest)
    {
        Decision refusal;
        try
        {
            refusal = DecisionReader.Read(json);
        }
        catch (FormatException error)
        {
            throw new FormatException($"{name} is no decision: {error.Message}", error);
        }

        return refusal.Attestor == attestor && refusal.Image.Digest == digest
            ? refusal
            : throw new FormatException($"{name} is a decision of {refusal.Attestor} about {refusal.Image}, and was put there by somebody else than the signer.");
    }

    /// <summary>Where a refusal is kept, <c>gs://…</c>.</summary>
    public static string Address(EvidenceBucket bucket, Decision refusal) => $"gs://{bucket.Name}/{NameOf(refusal)}";

    private static string NameOf(Decision refusal) => $"{Prefix(refusal.Attestor, refusal.Image.Digest)}{Rfc3339.Write(refusal.Time)}.json";

    private static string Prefix(AttestorName attestor, ImageDigest digest) => $"refusals/{attestor.Id}/sha256/{digest.Hex}/";
}
