namespace BinAuthz.Keys;

/// <summary>Which key version signs, or why none can.</summary>
internal abstract record SigningKeySelection
{
    private SigningKeySelection()
    {
    }

    /// <summary>Sign with this version; verify with this key before storing.</summary>
    internal sealed record Selected(KeyVersionName Version, SignatureAlgorithm Algorithm, PublicKey Key) : SigningKeySelection;

    /// <summary>No enabled version is trusted by the attestor.</summary>
    internal sealed record NoneTrusted(string Reason, string Remedy) : SigningKeySelection;
}
