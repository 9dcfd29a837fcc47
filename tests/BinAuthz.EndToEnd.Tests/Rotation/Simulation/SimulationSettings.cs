namespace BinAuthz.EndToEnd.Tests.Rotation.Simulation;

/// <summary>What is the same throughout a history.</summary>
/// <param name="Propagation">How long admission goes on judging with an attestor's old keys.</param>
/// <param name="RotatorSkew">How far the rotator's clock is ahead.</param>
/// <param name="SignerSkew">How far the signer's clock is ahead.</param>
/// <param name="TrustLifetime">How long the signer remembers the attestor.</param>
/// <param name="Lifetime">Of a key version.</param>
/// <param name="Overlap">How long two versions are trusted.</param>
/// <param name="DisabledBeforeDestroy">How long a version stays disabled.</param>
/// <param name="Generation">How long Cloud KMS takes for a version.</param>
/// <param name="RefuseDuplicates">Whether a second attestation under the same name is refused.</param>
/// <param name="RefuseUpdates">Whether attestations cannot be updated.</param>
/// <param name="ImagesPerMinute">How fast the rotator asks.</param>
internal sealed record SimulationSettings(
    TimeSpan Propagation, TimeSpan RotatorSkew, TimeSpan SignerSkew, TimeSpan TrustLifetime, TimeSpan Lifetime, TimeSpan Overlap, TimeSpan DisabledBeforeDestroy, TimeSpan Generation,
    bool RefuseDuplicates, bool RefuseUpdates, int ImagesPerMinute)
{
    public static SimulationSettings Draw(Random random) => new(
        TimeSpan.FromSeconds(Of(random, 0, 30, 120)),
        TimeSpan.FromSeconds(random.Next(-60, 61)),
        TimeSpan.FromSeconds(random.Next(-60, 61)),
        TimeSpan.FromSeconds(Of(random, 0, 0, 0, 0, 30)),
        TimeSpan.FromDays(Of(random, 10, 30, 90)),
        TimeSpan.FromHours(Of(random, 1, 24, 7 * 24)),
        TimeSpan.FromDays(Of(random, 1, 30)),
        TimeSpan.FromSeconds(Of(random, 0, 0, 3)),
        Of(random, 0, 1, 1) == 1,
        Of(random, 0, 1) == 1,
        Of(random, 2, 300));

    private static int Of(Random random, params ReadOnlySpan<int> choices) => choices[random.Next(choices.Length)];
}
