namespace BinAuthz.Keys;

/// <summary>A key in the platform's hands, for one caller at a time.</summary>
internal interface IImportedKey
{
    /// <summary>Whether the signature is over these bytes.</summary>
    bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);
}
