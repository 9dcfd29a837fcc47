using BinAuthz.GoogleCloud;
using BinAuthz.Keys;

namespace BinAuthz.Checkup.Facts;

/// <summary>A signing key that exists.</summary>
/// <param name="Description">What it is for.</param>
/// <param name="Versions">All of them.</param>
/// <param name="PublicKeys">Of its enabled versions that the attestor lists.</param>
internal sealed record KeyFacts(KeyDescription Description, Fact<IReadOnlyList<KeyVersionDescription>> Versions, IReadOnlyDictionary<KeyVersionName, Fact<KmsPublicKey>> PublicKeys);
