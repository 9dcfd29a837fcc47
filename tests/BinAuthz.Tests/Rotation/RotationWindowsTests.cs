using BinAuthz.Rotation;

namespace BinAuthz.Tests.Rotation;

public sealed class RotationWindowsTests
{
    [Fact]
    public void From_Defaults_AreTheDocumentedWindows() =>
        Assert.Equal(new RotationWindows(TimeSpan.FromDays(90), TimeSpan.FromMinutes(5), TimeSpan.FromDays(7), TimeSpan.FromDays(30), null), RotationWindows.From(new BinAuthzOptions()));

    [Fact]
    public void From_LifetimeAsLongAsPropagationAndOverlap_IsRefused()
    {
        var options = new BinAuthzOptions { PropagationWindow = TimeSpan.FromHours(1), Rotation = new RotationOptions { Lifetime = TimeSpan.FromHours(25), Overlap = TimeSpan.FromHours(24) } };

        Assert.Contains("BinAuthz:Rotation:Lifetime is 1.01:00:00, not longer than PropagationWindow (01:00:00) and Overlap (1.00:00:00) together", Problem(options), StringComparison.Ordinal);
    }

    [Fact]
    public void From_LifetimeJustLonger_IsAccepted()
    {
        var options = new BinAuthzOptions { PropagationWindow = TimeSpan.FromHours(1), Rotation = new RotationOptions { Lifetime = new TimeSpan(25, 0, 1), Overlap = TimeSpan.FromHours(24) } };

        Assert.Equal(new TimeSpan(25, 0, 1), RotationWindows.From(options).Lifetime);
    }

    [Fact]
    public void From_OverlapShorterThanASignerMayLag_IsRefused() =>
        Assert.Contains("BinAuthz:Rotation:Overlap is 00:20:29, shorter than 00:20:00 and TrustLifetime (00:00:30) together", Problem(With(rotation => rotation.Overlap = new TimeSpan(0, 20, 29))), StringComparison.Ordinal);

    [Fact]
    public void From_OverlapAsLongAsASignerMayLag_IsAccepted() =>
        Assert.Equal(new TimeSpan(0, 20, 30), RotationWindows.From(With(rotation => rotation.Overlap = new TimeSpan(0, 20, 30))).Overlap);

    [Theory]
    [InlineData("ec-sign-p521-sha512")]
    [InlineData("ed25519")]
    [InlineData("")]
    public void From_AlgorithmThatCannotBeUsed_NamesThoseThatCan(string algorithm) =>
        Assert.Matches($"BinAuthz:Rotation:Algorithm is '{algorithm}'.*ec-sign-p256-sha256.*pq-sign-ml-dsa-65", Problem(With(rotation => rotation.Algorithm = algorithm)));

    [Fact]
    public void From_Algorithm_IsRead() => Assert.Same(RotationScene.Rsa, RotationWindows.From(With(rotation => rotation.Algorithm = "rsa-sign-pkcs1-4096-sha512")).Algorithm);

    [Theory]
    [InlineData(0, 50)]
    [InlineData(300, 0)]
    [InlineData(300, 501)]
    public void From_PaceOrBatchOutOfRange_IsRefused(int pace, int batch) =>
        Assert.Contains("ImagesPerMinute", Problem(With(rotation => (rotation.ImagesPerMinute, rotation.BatchSize) = (pace, batch))), StringComparison.Ordinal);

    [Fact]
    public void From_ManyProblems_NamesThemAll()
    {
        var options = With(rotation =>
        {
            rotation.Lifetime = TimeSpan.MaxValue;
            rotation.Overlap = -TimeSpan.FromDays(1);
            rotation.DisabledBeforeDestroy = -TimeSpan.FromTicks(1);
            rotation.BatchSize = 0;
            rotation.Algorithm = "none";
        });
        options.PropagationWindow = TimeSpan.MinValue;

        var problems = Assert.Throws<ConfigurationException>(() => RotationWindows.From(options)).Problems;

        Assert.Equal(["Rotation:Lifetime", "Rotation:Overlap", "Rotation:DisabledBeforeDestroy", "PropagationWindow", "Rotation:ImagesPerMinute", "Rotation:Algorithm"], problems.Select(problem => problem[(problem.IndexOf(':', StringComparison.Ordinal) + 1)..problem.IndexOf(' ', StringComparison.Ordinal)]));
    }

    private static BinAuthzOptions With(Action<RotationOptions> change)
    {
        var options = new BinAuthzOptions();
        change(options.Rotation);
        return options;
    }

    private static string Problem(BinAuthzOptions options) => Assert.Single(Assert.Throws<ConfigurationException>(() => RotationWindows.From(options)).Problems);
}
