using BinAuthz.Keys;
using BinAuthz.Rotation;
using FsCheck;
using FsCheck.Fluent;
using State = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionState;

namespace BinAuthz.Tests.Rotation;

/// <summary>A random version: times are hours before now, and a time of 0 or less says that it did not happen, except for <paramref name="Age"/>.</summary>
public sealed record AnyVersion(int Age, int State, int Listing, int Comment, int Seen, int Retired, int Revoked, bool Imported, bool OtherAlgorithm);

/// <summary>A random state: whatever runs, crashes, people and clocks may have left.</summary>
public sealed record AnyRotation(IReadOnlyList<AnyVersion> Versions, IReadOnlyList<int> Images, IReadOnlyList<int> Affected, bool Foreign, int Template)
{
    public static readonly DateTimeOffset Now = RotationScene.At("2026-06-01");
    private static readonly State[] States = [State.Enabled, State.Disabled, State.PendingGeneration, State.GenerationFailed, State.DestroyScheduled, State.Destroyed];

    public static Arbitrary<AnyRotation> Arbitrary() =>
        (from count in Gen.Choose(1, 5)
         from versions in Gen.Frequency((2, Version()), (1, Untouched())).ArrayOf(count)
         from images in Gen.Choose(0, 4).SelectMany(images => Gen.Choose(1, 63).ArrayOf(images))
         from affected in Gen.Choose(0, 2).SelectMany(affected => Gen.Choose(0, 3).ArrayOf(affected))
         from foreign in Gen.Elements(true, false)
         from template in Gen.Frequency((8, Gen.Constant(0)), (1, Gen.Constant(1)), (1, Gen.Constant(2)))
         select new AnyRotation(versions, images, affected, foreign, template)).ToArbitrary();

    /// <summary>The state that the policy is asked about.</summary>
    internal RotationState ToState()
    {
        var scene = new RotationScene { Template = Template == 0 ? RotationScene.P256 : Template == 1 ? RotationScene.Rsa : null };
        foreach (var (index, version) in Versions.Index())
        {
            Add(scene, index + 1, version);
        }

        if (Foreign)
        {
            RotationScene.ForeignKey()(scene);
        }

        var listed = scene.Keys.Where(key => key.Algorithm is not null).Select(key => key.Id).ToHashSet();
        foreach (var (index, mask) in Images.Index())
        {
            RotationScene.Image($"i{index}", [.. Enumerable.Range(0, 6).Where(bit => (mask & (1 << bit)) != 0 && listed.Contains(Id(bit))).Select(bit => (long)bit)])(scene);
        }

        foreach (var (index, mask) in Affected.Index())
        {
            RotationScene.Lost($"a{index}", 1, predates: (mask & 1) != 0, weighed: (mask & 2) != 0)(scene);
        }

        scene.Attested.RemoveAll(image => image.KeyIds.Count == 0);
        if (Images.Count > 0 && (Images[0] & 32) != 0)
        {
            scene.Tainted.AddRange(scene.Attested.Select(image => new TaintedImage(image.Image, RotationScene.Key.Version(1 + (Images[0] % Versions.Count)))));
        }

        return scene.ToState();
    }

    public override string ToString() => string.Join('\n', [.. Versions.Select(version => version.ToString()), $"images {string.Join(',', Images)} affected {string.Join(',', Affected)} foreign {Foreign} template {Template}"]);

    private static Gen<AnyVersion> Version() =>
        from age in Hours()
        from state in Gen.Frequency((6, Gen.Constant(0)), (3, Gen.Constant(1)), (2, Gen.Choose(2, 5)))
        from listing in Gen.Frequency((4, Gen.Constant(0)), (5, Gen.Constant(1)), (1, Gen.Choose(2, 4)))
        from comment in Hours()
        from seen in Gen.OneOf(Gen.Constant(0), Hours())
        from retired in Gen.Frequency((4, Gen.Constant(0)), (1, Hours()))
        from revoked in Gen.Frequency((9, Gen.Constant(0)), (1, Hours()))
        from imported in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
        from other in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new AnyVersion(age, state, listing, comment, seen, retired, revoked, imported, other);

    private static Gen<AnyVersion> Untouched() =>
        from age in Gen.Choose(1, 240)
        from state in Gen.Elements(0, 2, 3)
        select new AnyVersion(age, state, 0, 0, 0, 0, 0, false, false);

    private static Gen<int> Hours() => Gen.Frequency((3, Gen.Choose(1, 240)), (3, Gen.Choose(240, 5000)));

    private static string Id(int bit) => bit == 0 ? RotationScene.ForeignId : RotationScene.Key.Version(bit).PublicKeyId;

    private static void Add(RotationScene scene, int number, AnyVersion version)
    {
        RotationScene.Version(
            number, Text(version.Age)!, state: States[version.State], seen: Text(version.Seen), retired: Text(version.Retired), revoked: Text(version.Revoked), algorithm: version.OtherAlgorithm ? RotationScene.Rsa : null, imported: version.Imported, cleared: version.Revoked % 2 == 0)(scene);
        var id = RotationScene.Key.Version(number).PublicKeyId;
        switch (version.Listing)
        {
            case 1:
                scene.Keys.Add(new AttestorKey(id, RotationScene.Pem, RotationScene.P256, TrustedSince.Comment(Now.AddHours(-version.Comment))));
                break;
            case 2:
                scene.Keys.Add(new AttestorKey(id, RotationScene.Pem, RotationScene.P256, ""));
                break;
            case 3:
                scene.Keys.Add(new AttestorKey(id, RotationScene.Pem, null, ""));
                break;
            case 4:
                scene.Keys.Add(new AttestorKey(id, RotationScene.Pem, RotationScene.P256, "trusted since 9999-12-31T23:59:59Z"));
                break;
        }
    }

    private static string? Text(int hours) => hours <= 0 ? null : Now.AddHours(-hours).ToString("O", System.Globalization.CultureInfo.InvariantCulture);
}
