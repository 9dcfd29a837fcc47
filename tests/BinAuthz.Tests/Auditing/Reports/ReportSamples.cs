using System.Globalization;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Reports;

namespace BinAuthz.Tests.Auditing.Reports;

/// <summary>Reports to write: one in which everything is good, one with everything in it, and random ones.</summary>
internal static class ReportSamples
{
    public const string Image = "us-docker.pkg.dev/acme-prod/apps/web@sha256:708a5f9d8de66561de5129583928203b05587db98b695fa982ec4a5b8a3e94bc";
    public const string Attestor = "projects/acme-prod/attestors/production";
    public const string Note = "projects/acme-prod/notes/production";
    public const string KeyId = "//cloudkms.googleapis.com/v1/projects/acme-prod/locations/us-central1/keyRings/production-binauthz/cryptoKeys/attestor-key/cryptoKeyVersions/1";
    public const string Markup = "us-docker.pkg.dev/acme-prod/apps/<script>alert(1)</script>";
    public const string MoreMarkup = "\"><img src=x onerror=\"alert(2)\">";

    // P-256, made for these tests.
    public const string Pem = """
        -----BEGIN PUBLIC KEY-----
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEQ8kCJ26o8gwFPsI51dcmojoc5/TF
        jCZ2erBB0/mV00dt/boKOKYvJFoeAQHcQ7dU3zuC3olXn57pIxIhwNTK9g==
        -----END PUBLIC KEY-----
        """;

    public static readonly DateTimeOffset Time = new(2026, 11, 26, 6, 0, 0, TimeSpan.Zero);

    public static ReportedRule Passed { get; } = new("BA103", "An attestation has a bad signature", AuditSeverity.High, RuleStatus.Passed, 0, "")
    {
        Rationale = "A signature that does not verify was forged or damaged.",
        Remedy = "Delete it: `gcloud container binauthz attestations delete`.",
        Controls = [AuditControl.ChangeManagement, AuditControl.Integrity],
    };

    public static ReportedRule Failed { get; } = new("BA302", "The production policy admits without asking", AuditSeverity.Critical, RuleStatus.Failed, 1, "")
    {
        Rationale = "Whoever can deploy decides what runs.",
        Remedy = "Apply the policy: `binauthz policy apply production`.",
        Controls = [AuditControl.ChangeManagement, AuditControl.ConfigurationSettings, AuditControl.HipaaIntegrity],
    };

    public static ReportedRule NotAssessed { get; } = new(
        "BA505", "Audit logs are off", AuditSeverity.Medium, RuleStatus.NotAssessed, 0, "PERMISSION_DENIED: resourcemanager.projects.getIamPolicy. Grant roles/iam.securityReviewer.")
    {
        Rationale = "What is not logged cannot be examined.",
        Remedy = "Turn them on.",
        Controls = [AuditControl.EventLogging, AuditControl.HipaaAudit],
    };

    /// <summary>The first report, and nothing is wrong.</summary>
    public static AuditReport Clean { get; } = new(
        "production", "acme-prod", Time, Time - TimeSpan.FromDays(1), [Passed], [], [Trusting(Pem)], new ReportedCoverage(120, 120, 30, 30, 100), [new TrendPoint(Time, 100, 10.5, 0)])
    {
        Policy = "{\"name\":\"projects/acme-prod/policy\"}",
    };

    /// <summary>Nothing was found because nothing was there.</summary>
    public static AuditReport Empty { get; } = new("staging", "acme-dev", Time, Time, [], [], [], null, []);

    /// <summary>Findings of every severity, text with markup and formulas, a rule not assessed, and a chain.</summary>
    public static AuditReport Full { get; } = new(
        "production",
        "acme-prod",
        Time,
        Time - TimeSpan.FromDays(1),
        [
            new("BA101", "Signed by a retired key", AuditSeverity.Low, RuleStatus.Failed, 1, "") { Rationale = "r1", Remedy = "m1", Controls = [AuditControl.KeyManagement] },
            Passed,
            new("BA104", "The payload's digest is another", AuditSeverity.High, RuleStatus.Failed, 2500, "") { Rationale = "r2", Remedy = "m2", Controls = [AuditControl.Integrity] },
            new("BA106", "Its image is gone", AuditSeverity.Note, RuleStatus.Failed, 1, "") { Rationale = "r3", Remedy = "m3", Controls = [AuditControl.ChangeManagement] },
            Failed,
            new("BA401", "A stored image has no valid attestation", AuditSeverity.Medium, RuleStatus.Failed, 1, "") { Rationale = "r4", Remedy = "m4", Controls = [AuditControl.SlsaVerification] },
            NotAssessed,
        ],
        [
            new("BA302", AuditSeverity.Critical, "projects/acme-prod/policy", "defaultAdmissionRule is ALWAYS_ALLOW.", "Apply the policy: `binauthz policy apply production`.")
            {
                Evidence = [new("policy", "projects/acme-prod/policy")],
            },
            new("BA104", AuditSeverity.High, "projects/acme-prod/occurrences/1", "The payload says sha256:1, the resource sha256:2.", "Delete it.")
            {
                Image = Image,
                Since = Time - TimeSpan.FromDays(3),
                Evidence = [new("occurrence", "projects/acme-prod/occurrences/1"), new("decision record", "gs://acme-prod-evidence/decisions/production/708a.dsse.json")],
            },
            new("BA401", AuditSeverity.Medium, Markup, MoreMarkup, "=HYPERLINK(\"https://evil.example\")"),
            new("BA101", AuditSeverity.Low, "projects/acme-prod/occurrences/2", "Signed by version 1.", "Sign it anew."),
            new("BA106", AuditSeverity.Note, "projects/acme-prod/occurrences/3", "The image is gone.", "Nothing has to be done."),
        ],
        [Trusting(Pem), new(Attestor + "-b", null, null, null, [])],
        new ReportedCoverage(120, 110, 30, 28, 92),
        [new TrendPoint(Time - TimeSpan.FromDays(2), 80.5, 8.25, 3), new TrendPoint(Time - TimeSpan.FromDays(1), null, null, 2), new TrendPoint(Time, 92, 10.25, 2503)])
    {
        Previous = new PreviousReport("audits/production/20261125T060000Z/statement.dsse.json", "sha256:" + new string('a', 64), 41),
        Policy = "{\"name\":\"projects/acme-prod/policy\"}",
    };

    /// <summary>What a year of daily audits may look like: a gap where coverage was not assessed, and a rotation.</summary>
    public static AuditReport Old { get; } = Full with
    {
        Trend =
        [
            .. Enumerable.Range(0, 40).Select(day => new TrendPoint(
                Time - TimeSpan.FromDays(39 - day), day is 12 or 13 ? null : 70 + (day * 0.55), day < 25 ? 61.25 + day : day - 24.75, 40 - day)),
        ],
    };

    /// <summary>A report by chance, the same for the same seed.</summary>
    public static AuditReport Random(int seed)
    {
        var random = new Random(seed);
        return new AuditReport(Text(), Text(), Moment(), Moment(), [.. Many(Rule).DistinctBy(rule => rule.Id)], Many(Finding), Many(Trust), Maybe(() => new ReportedCoverage(Number(), Number(), Number(), Number(), random.NextDouble() * 100)), Many(Point))
        {
            Previous = Maybe(() => new PreviousReport(Text(), "sha256:" + string.Concat(Enumerable.Repeat(random.Next(16).ToString("x", CultureInfo.InvariantCulture), 64)), 1 + Number())),
            Policy = Maybe(Text),
        };

        string Text() => string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => Piece()));
        string Piece() => random.Next(6) switch { 0 => "\"", 1 => "<&>", 2 => "\n\t", 3 => char.ConvertFromUtf32(random.Next(0x20, 0xD800)), 4 => char.ConvertFromUtf32(random.Next(0x10000, 0x110000)), _ => "a," };
        DateTimeOffset Moment() => Time.AddMilliseconds(random.NextInt64(-1_000_000_000_000, 1_000_000_000_000));
        long Number() => random.NextInt64(0, random.Next(2) == 0 ? 10 : 999_999_999_999);
        T[] Many<T>(Func<T> one) => [.. Enumerable.Range(0, random.Next(4)).Select(_ => one())];
        T? Maybe<T>(Func<T> one)
            where T : class => random.Next(2) == 0 ? null : one();
        AuditSeverity Severity() => (AuditSeverity)random.Next(5);
        string Id() => string.Create(CultureInfo.InvariantCulture, $"BA{random.Next(100, 700)}");
        ReportedRule Rule() => new(Id(), Text(), Severity(), (RuleStatus)random.Next(3), Number(), Text()) { Rationale = Text(), Remedy = Text(), Controls = Many(() => new AuditControl(Text(), Text(), Text())) };
        AuditFinding Finding() => new(Id(), Severity(), Text(), Text(), Text()) { Image = Maybe(Text), Since = random.Next(2) == 0 ? null : Moment(), Evidence = Many(() => new EvidenceLink(Text(), Text())) };
        ReportedAttestor Trust() => new("projects/p/attestors/a", Maybe(Text), random.Next(2) == 0 ? null : Number(), random.Next(2) == 0 ? null : Number(), Many(Key));
        ReportedKey Key() => new(Text(), Maybe(Text), Maybe(Text), random.Next(2) == 0 ? null : Moment(), Maybe(Text));
        TrendPoint Point() => new(Moment(), random.Next(2) == 0 ? null : random.NextDouble() * 100, random.Next(2) == 0 ? null : random.NextDouble() * 1e4, Number());
    }

    private static ReportedAttestor Trusting(string pem) => new(Attestor, Note, 150, 148, [new ReportedKey(KeyId, "ECDSA_P256_SHA256", "ENABLED", Time - TimeSpan.FromDays(10.5), pem)]);
}
