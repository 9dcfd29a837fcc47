using BinAuthz.Admission;
using BinAuthz.Attestations;
using BinAuthz.Checking;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;

namespace BinAuthz.Denials;

/// <summary>
/// Says why something was found, and what mends it. For an image the policy is evaluated as it stands now, in at most three
/// round trips; what is denied is looked into in two more. What may not be read makes the cause undetermined, and is never guessed.
/// </summary>
internal sealed class FindingDiagnosis(AdmissionEvidenceReader admission, UnattestedImageReader unattested, ArtifactRegistryClient registry, KeyManagementClient keys)
{
    /// <summary>Diagnoses one finding.</summary>
    /// <exception cref="GoogleCallException">A call did not get an answer and may get one later.</exception>
    public async Task<Diagnosis> DiagnoseAsync(Finding finding, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(finding);
        switch (finding)
        {
            case { Kind: FindingKind.Denial or FindingKind.DryRunDenial, Image: null }:
                return new Diagnosis(DiagnosisCause.Undetermined, "The log entry does not tell the image.", "Read the entry's own words.", EventDiagnosis.ReadEntry(finding.Source));
            case { Kind: FindingKind.Denial or FindingKind.DryRunDenial, Image: { } image }:
                return await DiagnoseAsync(finding, image, cancellationToken).ConfigureAwait(false);
            case { Kind: FindingKind.BreakGlass, Image: { } image }:
                return EventDiagnosis.OfBreakGlass(finding, await DiagnoseAsync(finding, image, cancellationToken).ConfigureAwait(false));
            case { Kind: FindingKind.CheckFailed, Image: { } image }:
                var now = await DiagnoseAsync(finding, image, cancellationToken).ConfigureAwait(false);
                // The one cause that keeps the check itself from working.
                return now.Cause == DiagnosisCause.AttestorMissing ? now : EventDiagnosis.Of(finding);
            default:
                return EventDiagnosis.Of(finding);
        }
    }

    private async Task<Diagnosis> DiagnoseAsync(Finding finding, string image, CancellationToken cancellationToken)
    {
        try
        {
            // 1. The policies.
            var cluster = finding.Source is { Platform: not FindingPlatform.CloudRun, Place: { Length: > 0 } place } ? place : null;
            var reading = admission.ReadPolicyAsync(finding.Source.Project, cancellationToken);
            var system = ReadSystemPatternsAsync(cluster, cancellationToken);
            await Task.WhenAll(reading, system).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var policy = AdmissionPolicyReader.Read(await reading.ConfigureAwait(false), $"projects/{finding.Source.Project}/policy");
            var patterns = await system.ConfigureAwait(false);

            // 2. The attestors, then the attestations.
            var workload = WorkloadOf(finding, image);
            if (Exemption.Find(policy, policy.UsesSystemPolicy ? patterns : [], image) is null && Missing(policy, finding, cluster) is { } missing)
            {
                return Undetermined($"The log entry does not tell the {missing}, and the policy of {finding.Source.Project} has rules by {missing}.");
            }

            var needs = AdmissionNeeds.Of(policy, patterns, [workload], cluster);
            var evidence = await admission.ReadAsync(needs, cancellationToken).ConfigureAwait(false);
            var verdict = new AdmissionEvaluator(policy, patterns, evidence, cluster).Evaluate(workload).Images[0];

            // 3. What is behind it.
            Attestor[] attestors = [.. needs.Digests.Keys.Select(evidence.Find).OfType<Attestor>()];
            return await ExplainAsync(finding, image, verdict, evidence, attestors, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is FormatException or ConfigurationException or GoogleCallException { IsTransient: false })
        {
            return Undetermined(error.Message);
        }
    }

    private Task<Diagnosis> ExplainAsync(Finding finding, string image, ImageAdmission verdict, AdmissionEvidence evidence, Attestor[] attestors, CancellationToken cancellationToken)
    {
        if (!verdict.IsDenied)
        {
            return Task.FromResult(AdmissionDiagnosis.OfAdmitted(finding, verdict));
        }

        var denial = verdict.Denials[0];
        return (denial.Cause, Array.Find(attestors, each => each.Name == denial.Attestor), ImageText.Digest(image)) switch
        {
            (AdmissionCause.TagInsteadOfDigest, _, _) => ExplainTagAsync(finding, image, cancellationToken),
            (AdmissionCause.NotAttested, { } known, { } digest) => ExplainUnattestedAsync(image, denial, known, attestors, cancellationToken),
            (AdmissionCause.UntrustedKey, { } known, { } digest) => ExplainKeyAsync(image, digest, denial, known, evidence, cancellationToken),
            (AdmissionCause.InvalidAttestation, { } known, _) => Task.FromResult(AdmissionDiagnosis.OfInvalid(image, denial, known)),
            _ => Task.FromResult(AdmissionDiagnosis.OfRule(finding, denial)),
        };
    }

    private async Task<Diagnosis> ExplainUnattestedAsync(string image, AdmissionDenial denial, Attestor attestor, Attestor[] all, CancellationToken cancellationToken)
    {
        if (!ImageReference.TryParse(image, out var reference))
        {
            return new Diagnosis(
                DiagnosisCause.UnknownRegistry,
                $"The image names no registry of Google's, where it could be signed. {denial.Detail}",
                "Name the image in full, LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE@sha256:…, in a repository whose images are signed.",
                "");
        }

        var facts = await unattested.ReadAsync(reference, attestor, [.. all.Select(each => each.Note)], cancellationToken).ConfigureAwait(false);
        return UnattestedDiagnosis.Of(facts, denial.Detail);
    }

    private async Task<Diagnosis> ExplainTagAsync(Finding finding, string image, CancellationToken cancellationToken)
    {
        if (!TaggedImage.TryParse(image, out var tagged) || !RepositoryPath.TryParse(tagged.Name, out var repository))
        {
            return AdmissionDiagnosis.OfTag(finding, null, isInGooglesRegistry: false);
        }

        try
        {
            var digest = await registry.FindDigestAsync(repository, tagged.Tag, cancellationToken).ConfigureAwait(false);
            return AdmissionDiagnosis.OfTag(finding, digest is null ? null : tagged.WithDigest(digest), isInGooglesRegistry: true);
        }
        catch (GoogleCallException error) when (!error.IsTransient)
        {
            var known = AdmissionDiagnosis.OfTag(finding, null, isInGooglesRegistry: true);
            return known with { Detail = $"It is named by tag, and only a digest can be attested. Not known: {error.Message}" };
        }
    }

    private async Task<Diagnosis> ExplainKeyAsync(string image, ImageDigest digest, AdmissionDenial denial, Attestor attestor, AdmissionEvidence evidence, CancellationToken cancellationToken)
    {
        var signers = evidence.Of(attestor.Note, digest).SelectMany(attestation => attestation.Signatures).Select(signature => signature.PublicKeyId);
        var states = await Task.WhenAll(signers.Distinct().Take(KeyStanding.Maximum).Select(id => KeyStanding.ReadAsync(keys, id, cancellationToken))).ConfigureAwait(false);
        return AdmissionDiagnosis.OfKey(image, states, denial, attestor);
    }

    // What cannot be asked is taken from an excerpt: an image that Google's own policy exempts was hardly denied.
    private async Task<IReadOnlyList<ImagePattern>> ReadSystemPatternsAsync(string? cluster, CancellationToken cancellationToken)
    {
        try
        {
            return AdmissionPolicyReader.Patterns(await admission.ReadSystemPolicyAsync(SystemPolicyLocation.Of(cluster), cancellationToken).ConfigureAwait(false)).Patterns;
        }
        catch (GoogleCallException error) when (!error.IsTransient)
        {
            return SystemPolicyExcerpt.Patterns;
        }
    }

    private static Workload WorkloadOf(Finding finding, string image)
    {
        var at = new SourcePlace(finding.Source.LogName, 1, 1);
        return new Workload(
            finding.Source.Platform == FindingPlatform.CloudRun ? WorkloadPlatform.CloudRun : WorkloadPlatform.Kubernetes,
            "Pod",
            finding.Namespace,
            finding.Workload,
            finding.ServiceAccount,
            [new WorkloadContainer(ContainerKind.Container, "", image, at)],
            at);
    }

    // What the rules are chosen by, and the entry does not tell.
    private static string? Missing(AdmissionPolicy policy, Finding finding, string? cluster) =>
        finding.Source.Platform == FindingPlatform.CloudRun ? null : policy.Specific.Select(rule => rule.Basis.Kind).FirstOrDefault(AdmissionRuleKind.Default) switch
        {
            AdmissionRuleKind.Cluster when cluster is null => "cluster",
            AdmissionRuleKind.Namespace when finding.Namespace.Length == 0 => "namespace",
            AdmissionRuleKind.ServiceAccount or AdmissionRuleKind.IstioIdentity when finding.ServiceAccount.Length == 0 => "service account",
            _ => null,
        };

    private static Diagnosis Undetermined(string why) =>
        new(DiagnosisCause.Undetermined, why, "Mend what is in the way, and ask again with `binauthz denials`.", "");
}
