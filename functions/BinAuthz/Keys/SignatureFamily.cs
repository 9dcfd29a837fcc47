namespace BinAuthz.Keys;

/// <summary>How a signature is made and encoded.</summary>
internal enum SignatureFamily
{
    /// <summary>ECDSA, as an ASN.1 DER sequence of r and s.</summary>
    Ecdsa,

    /// <summary>RSA with PKCS #1 v1.5 padding.</summary>
    RsaPkcs1,

    /// <summary>RSA with PSS padding, MGF1 with the same hash, salt as long as the digest.</summary>
    RsaPss,

    /// <summary>ML-DSA (FIPS 204), over the data itself.</summary>
    MlDsa,
}
