using BinAuthz.Approval;
using BinAuthz.Approval.Pushes;
using BinAuthz.Images;

namespace BinAuthz.Tests.Approval.Pushes;

public sealed class PushedByRuleTests
{
    private const string Ci = "cloudbuild@acme-prod.iam.gserviceaccount.com";
    private const string Evil = "mallory@acme.example";

    private static readonly DateTimeOffset Uploaded = new(2026, 10, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly ImageReference Image = ImageReference.Parse($"us-docker.pkg.dev/acme-prod/apps/web@sha256:{new string('a', 64)}");

    /// <summary>The pushes, and the verdict and code that follow.</summary>
    private static readonly Dictionary<string, (PushRecord[] Pushes, string Code)> Told = new()
    {
        ["CI pushed by tag"] = ([Push(Ci, "v1")], "pusher-allowed"),
        ["CI pushed by digest"] = ([Push(Ci, Image.Digest.Value)], "pusher-allowed"),
        ["CI pushed by digest long after the upload"] = ([Push(Ci, Image.Digest.Value, 86_400)], "pusher-allowed"),
        ["CI's domain"] = ([Push("any@acme-ci.iam.gserviceaccount.com", "v1")], "pusher-allowed"),
        ["at the edge of the window"] = ([Push(Ci, "v1", 60), Push(Ci, "v0", -60)], "pusher-allowed"),
        ["nobody is known"] = ([], "push-unknown"),
        ["beyond the window"] = ([Push(Ci, "v1", 61), Push(Ci, "v0", -61)], "push-unknown"),
        ["CI pushed that tag for another digest, much later"] = ([Push(Ci, "v2", 3600)], "push-unknown"),
        ["somebody else pushed"] = ([Push(Evil, "v1")], "pusher-not-allowed"),
        ["evil uploaded as x, later tagged as CI's y"] = ([Push(Evil, "x"), Push(Ci, "y", 3600)], "pusher-not-allowed"),
        ["evil uploaded in the minute in which CI pushed"] = ([Push(Ci, "v1", 10), Push(Evil, "x", -10)], "pusher-not-allowed"),
        ["evil pushed by digest, CI's push was near"] = ([Push(Ci, "v1"), Push(Evil, Image.Digest.Value, 900)], "pusher-not-allowed"),
        ["no principal"] = ([Push(Ci, "v1"), Push("", "v1")], "pusher-not-allowed"),
        ["anonymous"] = ([Push("anonymous", "v1")], "pusher-not-allowed"),
        ["other case"] = ([Push("CloudBuild@acme-prod.iam.gserviceaccount.com", "v1")], "pusher-not-allowed"),
        ["neighbour domain"] = ([Push("x@evil-acme-ci.iam.gserviceaccount.com", "v1")], "pusher-not-allowed"),
        ["longer domain"] = ([Push("x@acme-ci.iam.gserviceaccount.com.evil.example", "v1")], "pusher-not-allowed"),
        ["two @"] = ([Push("x@evil.example@acme-ci.iam.gserviceaccount.com", "v1")], "pusher-not-allowed"),
        ["no local part"] = ([Push("@acme-ci.iam.gserviceaccount.com", "v1")], "pusher-not-allowed"),
        ["somebody else's push of another digest, much later"] = ([Push(Ci, "v1"), Push(Evil, "v2", 3600), Push(Evil, $"sha256:{new string('b', 64)}", 3600)], "pusher-allowed"),
        ["neighbour names"] = ([Push(Ci, "v1", image: "web-evil"), Push(Evil, "v1", image: "web/evil"), Push(Evil, Image.Digest.Value, image: "team/web"), Push(Evil, "v1", image: "we")], "push-unknown"),
        ["another repository"] = ([new PushRecord("log/1", Ci, Uploaded, "europe-docker.pkg.dev/acme-prod/apps/web", Image.Digest.Value, "sha256:0")], "push-unknown"),
    };

    public static TheoryData<string> Stories() => [.. Told.Keys];

    [Theory]
    [MemberData(nameof(Stories))]
    public void Evaluate_Story_IsDecided(string story)
    {
        var (pushes, code) = Told[story];

        var result = Rule().Evaluate(new ImageFacts(Image) { Uploaded = Uploaded, Pushes = pushes }, Uploaded);

        Assert.Equal(code, result.Code);
        Assert.Equal(code switch { "pusher-allowed" => RuleVerdict.Satisfied, "push-unknown" => RuleVerdict.Awaiting, _ => RuleVerdict.Violated }, result.Verdict);
        Assert.Equal(code == "push-unknown", result.Evidence.Count == 0);
        Assert.Equal(code == "pusher-allowed", result.Remedy.Length == 0);
    }

    [Fact]
    public void Evaluate_NameAlone_IsAwaiting() => Assert.Equal(RuleVerdict.Awaiting, Rule().Evaluate(ImageFacts.ByName(Image), Uploaded).Verdict);

    [Theory]
    [InlineData("v1", "push-unknown")]
    [InlineData("sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "pusher-allowed")]
    public void Evaluate_UploadTimeUnknown_OnlyTheDigestCounts(string reference, string code) =>
        Assert.Equal(code, Rule().Evaluate(new ImageFacts(Image) { Pushes = [Push(Ci, reference)] }, Uploaded).Code);

    [Fact]
    public void Evaluate_NotAllowed_NamesPrincipalTimeAndEntry()
    {
        var result = Rule().Evaluate(new ImageFacts(Image) { Uploaded = Uploaded, Pushes = [Push(Evil, "x", 5)] }, Uploaded);

        Assert.Contains("mallory@acme.example pushed x to us-docker.pkg.dev/acme-prod/apps/web at 2026-10-01T08:00:05.000000Z (log/x5).", result.Reason, StringComparison.Ordinal);
        Assert.Equal([new EvidenceReference("log/x5", "sha256:0")], result.Evidence);
    }

    [Fact]
    public void Evaluate_Unknown_SaysThatAuditLogsMustBeOn() =>
        Assert.Contains("DATA_WRITE", Rule().Evaluate(new ImageFacts(Image) { Uploaded = Uploaded }, Uploaded).Remedy, StringComparison.Ordinal);

    private static IApprovalRule Rule() => Assert.Single(ApprovalPolicy.Parse(PushedByRuleReaderTests.Valid, "approval.yaml").Attestors[0].Rules);

    private static PushRecord Push(string principal, string reference, double seconds = 0, string image = "web") =>
        new($"log/{reference}{seconds}", principal, Uploaded.AddSeconds(seconds), $"us-docker.pkg.dev/acme-prod/apps/{image}", reference, "sha256:0");
}
