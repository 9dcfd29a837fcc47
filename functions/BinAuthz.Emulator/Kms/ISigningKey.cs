namespace BinAuthz.Emulator.Kms;

/// <summary>A private key, ready to sign from any thread.</summary>
internal interface ISigningKey
{
    /// <summary>Signs a digest, or the data where the algorithm hashes by itself.</summary>
    byte[] Sign(byte[] input);
}
