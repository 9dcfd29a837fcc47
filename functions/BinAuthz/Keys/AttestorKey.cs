using System.Diagnostics.CodeAnalysis;

namespace BinAuthz.Keys;

/// <summary>
/// A public key as it stands on an attestor. <see cref="Pem"/> is null for PGP keys, <see cref="Algorithm"/> when it is
/// not known here. The key is imported at most once for as long as this object lives.
/// </summary>
internal sealed record AttestorKey(string Id, string? Pem, SignatureAlgorithm? Algorithm, string Comment)
{
    private Imported? imported;

    // A copy with another PEM must not keep the old key.
    private AttestorKey(AttestorKey other) => (Id, Pem, Algorithm, Comment) = (other.Id, other.Pem, other.Algorithm, other.Comment);

    /// <summary>The key ready for verifying, or why it cannot be read.</summary>
    public bool TryImport([NotNullWhen(true)] out PublicKey? key, [NotNullWhen(false)] out string? error)
    {
        var found = Volatile.Read(ref imported) ?? Import();
        (key, error) = (found.Key, found.Error);
        return key is not null;
    }

    public bool Equals(AttestorKey? other) =>
        other is not null && Id == other.Id && Pem == other.Pem && Algorithm == other.Algorithm && Comment == other.Comment;

    public override int GetHashCode() => HashCode.Combine(Id, Pem, Algorithm, Comment);

    private Imported Import()
    {
        var result = Pem is null || Algorithm is null
            ? new Imported(null, Pem is null ? "it is not a PKIX key" : "its signature algorithm is unknown")
            : PublicKey.TryFromPem(Pem, Algorithm, out var key, out var reason) ? new Imported(key, null) : new Imported(null, reason);
        return Interlocked.CompareExchange(ref imported, result, null) ?? result;
    }

    private sealed record Imported(PublicKey? Key, string? Error);
}
