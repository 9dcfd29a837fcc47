namespace BinAuthz.Emulator.Kms;

/// <summary>How the other services of the emulator sign with emulated Cloud KMS keys.</summary>
internal interface IKeyVault
{
    /// <summary>The signature over <paramref name="digest"/>, in the encoding of the version's algorithm.</summary>
    byte[] Sign(string versionName, byte[] digest);

    /// <summary>The SubjectPublicKeyInfo of a version, in PEM.</summary>
    string PublicKeyPem(string versionName);
}
