namespace BinAuthz.Keys;

/// <summary>A key version that may sign.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Algorithm">Null: one that Binary Authorization does not accept.</param>
internal sealed record KeyVersion(KeyVersionName Name, SignatureAlgorithm? Algorithm);
