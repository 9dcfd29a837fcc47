using BinAuthz.Admission;
using BinAuthz.Attestations;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using static BinAuthz.Tests.Admission.AdmissionSamples;

namespace BinAuthz.Tests.Admission;

public sealed record AnyAdmission(int Rule, bool DryRun, bool Specific, int Allow, int[] Images, bool BreakGlass, int[] Attested);

/// <summary>What holds for every policy, workload and evidence.</summary>
public sealed class AdmissionPropertyTests
{
    private static readonly string[] Rules = ["ALLOW", "DENY", "release", "qa", "release qa", "gone"];
    private static readonly string[] Allows = ["gcr.io/never/**", "us-docker.pkg.dev/acme-prod/apps/*", "us-docker.pkg.dev/**", "docker.io/*"];
    private static readonly string[] Texts = [Image, OtherImage, "us-docker.pkg.dev/acme-prod/apps/web:latest", "nginx", "docker.io/nginx:1", Image.Replace("apps/web", "copies/web", StringComparison.Ordinal)];
    private static readonly Attestation[] Attested = [Attest(Release, Image), Attest(Qa, Image), Attest(Release, OtherImage), Attest(Qa, OtherImage), Attest(Release, Image, OldKey), Attest(Qa, Image) with { Note = Release.Note }];

    [Property(Arbitrary = [typeof(AdmissionPropertyTests)], MaxTest = 500)]
    public bool Evaluate_OneAttestationMore_NeverDenies(AnyAdmission any, byte more)
    {
        var before = Verdict(any).Images;
        var after = Verdict(any with { Attested = [.. any.Attested, more % Attested.Length] }).Images;
        return before.Zip(after).All(pair => pair.First.IsDenied || !pair.Second.IsDenied);
    }

    [Property(Arbitrary = [typeof(AdmissionPropertyTests)], MaxTest = 500)]
    public bool Evaluate_BreakGlass_AlwaysAdmitsAndNeverChangesTheVerdict(AnyAdmission any)
    {
        var (with, without) = (Verdict(any with { BreakGlass = true }), Verdict(any with { BreakGlass = false }));
        return !with.IsBlocked && with.Images.Select(image => image.Message).SequenceEqual(without.Images.Select(image => image.Message));
    }

    [Property(Arbitrary = [typeof(AdmissionPropertyTests)], MaxTest = 500)]
    public bool Evaluate_DryRun_NeverBlocks(AnyAdmission any) => !Verdict(any with { DryRun = true }).IsBlocked;

    [Property(Arbitrary = [typeof(AdmissionPropertyTests)], MaxTest = 500)]
    public bool Evaluate_OrderOfContainers_DoesNotMatter(AnyAdmission any)
    {
        var (there, back) = (Verdict(any), Verdict(any with { Images = [.. any.Images.Reverse()] }));
        return there.IsBlocked == back.IsBlocked && there.Images.Select(image => (image.Message, image.Basis)).SequenceEqual(back.Images.Reverse().Select(image => (image.Message, image.Basis)));
    }

    [Property(Arbitrary = [typeof(AdmissionPropertyTests)], MaxTest = 500)]
    public bool Evaluate_OneContainerMore_NeverUnblocks(AnyAdmission any, byte more) =>
        !Verdict(any).IsBlocked || Verdict(any with { Images = [.. any.Images, more % Texts.Length] }).IsBlocked;

    [Property(Arbitrary = [typeof(AdmissionPropertyTests)], MaxTest = 500)]
    public bool Evaluate_WithOnlyWhatIsNeeded_IsTheSame(AnyAdmission any)
    {
        var needs = AdmissionNeeds.Of(Policy(any), [], [Workload(any)], Cluster);
        var evidence = new AdmissionEvidence(
            new[] { Release, Qa }.Where(attestor => needs.Digests.ContainsKey(attestor.Name)),
            any.Attested.Select(index => Attested[index]).Where(attestation => needs.Digests.Values.Any(digests => digests.Any(digest => attestation.ResourceUri.EndsWith(digest.Value, StringComparison.Ordinal)))));
        return Evaluate(Policy(any), Workload(any), evidence).Images.Select(image => image.Message).SequenceEqual(Verdict(any).Images.Select(image => image.Message));
    }

    public static Arbitrary<AnyAdmission> Admissions() =>
        (from rule in Gen.Choose(0, Rules.Length - 1)
         from dryRun in Gen.Elements(true, false)
         from specific in Gen.Elements(true, false)
         from allow in Gen.Choose(0, Allows.Length - 1)
         from count in Gen.Choose(1, 4)
         from images in Gen.Choose(0, Texts.Length - 1).ArrayOf(count)
         from breakGlass in Gen.Elements(true, false)
         from attestations in Gen.Choose(0, 6)
         from attested in Gen.Choose(0, Attested.Length - 1).ArrayOf(attestations)
         select new AnyAdmission(rule, dryRun, specific, allow, images, breakGlass, attested)).ToArbitrary();

    private static WorkloadAdmission Verdict(AnyAdmission any) => Evaluate(Policy(any), Workload(any), Evidence([.. any.Attested.Select(index => Attested[index])]));

    private static AdmissionPolicy Policy(AnyAdmission any)
    {
        var allow = $"admissionWhitelistPatterns: [{{namePattern: '{Allows[any.Allow]}'}}]\n";
        return any.Specific
            ? Default("ALLOW", more: $"{allow}kubernetesNamespaceAdmissionRules: {{payments: {Rule(Rules[any.Rule], any.DryRun)}}}")
            : Default(Rules[any.Rule], any.DryRun, allow);
    }

    private static Workload Workload(AnyAdmission any)
    {
        var workload = AdmissionSamples.Workload([.. any.Images.Select(index => Texts[index])]);
        return any.BreakGlass ? WithBreakGlass(workload) : workload;
    }
}
