using BinAuthz.Keys;
using Google.Cloud.Kms.V1;
using State = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionState;

namespace BinAuthz.GoogleCloud;

/// <summary>A key version in any state.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">Only ENABLED signs.</param>
/// <param name="Algorithm">Null: one that Binary Authorization does not accept.</param>
internal sealed record KeyVersionDescription(KeyVersionName Name, State State, SignatureAlgorithm? Algorithm)
{
    /// <summary>When it was made, UTC.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>When its key material is or was destroyed, UTC; null: that is not scheduled.</summary>
    public DateTimeOffset? Destroyed { get; init; }

    /// <summary>Where the key material lives; unspecified: Cloud KMS does not say.</summary>
    public ProtectionLevel Protection { get; init; }

    /// <summary>Whether the key material came from outside, so that others may have it.</summary>
    public bool IsImported { get; init; }

    /// <summary>Why it could not be generated; empty otherwise.</summary>
    public string Failure { get; init; } = "";

    /// <summary>Whether it may sign.</summary>
    public bool IsEnabled => State == State.Enabled;
}
