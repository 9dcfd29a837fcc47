namespace BinAuthz.Setup;

/// <summary>A service account of an environment.</summary>
/// <param name="Name">Such as <c>signer</c>; its id is <c>ENVIRONMENT-signer</c>.</param>
/// <param name="Purpose">What it is for, in words.</param>
internal sealed record Identity(string Name, string Purpose);
