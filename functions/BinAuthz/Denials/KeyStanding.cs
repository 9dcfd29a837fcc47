using BinAuthz.GoogleCloud;
using BinAuthz.Keys;

namespace BinAuthz.Denials;

/// <summary>What became of a key that signed and does not count.</summary>
/// <param name="PublicKeyId">As it stands on the signature.</param>
/// <param name="State">In words, such as <c>DISABLED in Cloud KMS</c>.</param>
internal sealed record KeyStanding(string PublicKeyId, string State)
{
    /// <summary>How many keys are looked up for one diagnosis.</summary>
    public const int Maximum = 3;

    /// <summary>Asks Cloud KMS.</summary>
    /// <exception cref="GoogleCallException">The call may succeed later.</exception>
    public static async Task<KeyStanding> ReadAsync(KeyManagementClient keys, string publicKeyId, CancellationToken cancellationToken)
    {
        if (!KeyVersionName.TryParsePublicKeyId(publicKeyId, out var version))
        {
            return new KeyStanding(publicKeyId, "no key of Cloud KMS");
        }

        try
        {
            var state = await keys.GetStateAsync(version, cancellationToken).ConfigureAwait(false);
            return new KeyStanding(publicKeyId, $"{Word(state.ToString())} in Cloud KMS");
        }
        catch (GoogleCallException error) when (!error.IsTransient)
        {
            return new KeyStanding(publicKeyId, $"of unknown state ({error.Message})");
        }
    }

    // DestroyScheduled is DESTROY_SCHEDULED.
    private static string Word(string state) => string.Concat(state.Select((letter, index) => index > 0 && char.IsUpper(letter) ? $"_{letter}" : $"{char.ToUpperInvariant(letter)}"));
}
