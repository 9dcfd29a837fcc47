using BinAuthz.Keys;
using State = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionState;

namespace BinAuthz.GoogleCloud;

/// <summary>A key version in any state.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">Only ENABLED signs.</param>
/// <param name="Algorithm">Null: one that Binary Authorization does not accept.</param>
internal sealed record KeyVersionDescription(KeyVersionName Name, State State, SignatureAlgorithm? Algorithm)
{
    /// <summary>Whether it may sign.</summary>
    public bool IsEnabled => State == State.Enabled;
}
