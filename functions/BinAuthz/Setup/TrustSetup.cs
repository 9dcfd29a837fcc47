using System.Globalization;
using BinAuthz.Attestations;
using BinAuthz.GoogleCloud;
using BinAuthz.Keys;
using Google.Cloud.Kms.V1;

namespace BinAuthz.Setup;

/// <summary>
/// Makes what signing and trusting need: key ring, key, note, attestor, the key's public half on the attestor, the policy's
/// rule, the key of audit reports, the evidence bucket with its retention, the topics of decisions, of signing anew, of alerts and of findings.
/// Every step looks first and can be run again, so a setup that was stopped goes on where it was.
/// </summary>
internal sealed class TrustSetup(KeyManagementClient kms, ContainerAnalysisClient analysis, BinaryAuthorizationClient authorization, StorageClient storage, PublisherClient publisher, TimeProvider time)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Says what <see cref="ApplyAsync"/> would do, and changes nothing.</summary>
    public async Task<IReadOnlyList<SetupStep>> PlanAsync(SetupRequest request, CancellationToken cancellationToken)
    {
        var steps = new List<SetupStep>();
        foreach (var each in request.Attestors)
        {
            var keyExists = await kms.KeyExistsAsync(each.Key, cancellationToken).ConfigureAwait(false);
            var found = await authorization.FindAttestorAsync(each.Attestor, cancellationToken).ConfigureAwait(false);
            var listed = found is not null && keyExists && await IsListedAsync(each.Key, found, cancellationToken).ConfigureAwait(false);
            steps.Add(Step("key", each.Key, !keyExists, Signs(request)));
            steps.Add(Step("note", each.Note, !await analysis.NoteExistsAsync(each.Note, cancellationToken).ConfigureAwait(false), "attestations are stored under it"));
            steps.Add(Step("attestor", each.Attestor, found is null, $"attests by {each.Note}"));
            steps.Add(Step("public key", each.Attestor, !listed, $"the newest enabled version of {each.Key}"));
        }

        var (change, words) = Decide(request, await authorization.GetPolicyAsync(request.Project, cancellationToken).ConfigureAwait(false));
        steps.Add(new SetupStep("policy", $"projects/{request.Project}/policy", change is not null, words));
        steps.Add(Step("audit key", request.AuditKey, !await kms.KeyExistsAsync(request.AuditKey, cancellationToken).ConfigureAwait(false), $"signs audit reports with {request.Algorithm}{Hardware(request)}"));
        var bucket = await storage.FindBucketAsync(request.Bucket, cancellationToken).ConfigureAwait(false);
        steps.Add(Step("evidence bucket", $"gs://{request.Bucket}", bucket?.Keeps(request.Retention) != true, Kept(request)));
        foreach (var (kind, topic, detail) in Topics(request))
        {
            steps.Add(Step(kind, topic, !await publisher.TopicExistsAsync(topic, cancellationToken).ConfigureAwait(false), detail));
        }

        return steps;
    }

    /// <summary>Makes what is missing.</summary>
    /// <param name="request">What to set up.</param>
    /// <param name="progress">Told of each step when it is done.</param>
    /// <param name="cancellationToken">Stops between two calls.</param>
    /// <exception cref="GoogleCallException">A call was refused; what was made stays, and the setup can be run again.</exception>
    public async Task<IReadOnlyList<SetupStep>> ApplyAsync(SetupRequest request, IProgress<SetupStep> progress, CancellationToken cancellationToken)
    {
        var steps = new List<SetupStep>();
        foreach (var (attestor, note, key) in request.Attestors)
        {
            await kms.EnsureKeyRingAsync(key, cancellationToken).ConfigureAwait(false);
            Done(Step("key", key, await kms.EnsureKeyAsync(key, request.Algorithm, request.Protection, cancellationToken).ConfigureAwait(false), Signs(request)));
            Done(Step("note", note, await analysis.EnsureNoteAsync(note, $"Images approved for {request.Environment}", cancellationToken).ConfigureAwait(false), "attestations are stored under it"));
            Done(Step("attestor", attestor, await authorization.EnsureAttestorAsync(attestor, note, cancellationToken).ConfigureAwait(false), $"attests by {note}"));
            Done(await TrustNewestVersionAsync(key, attestor, cancellationToken).ConfigureAwait(false));
        }

        Done(await SetPolicyAsync(request, cancellationToken).ConfigureAwait(false));
        Done(await MakeAuditKeyAsync(request, cancellationToken).ConfigureAwait(false));
        Done(Step("evidence bucket", $"gs://{request.Bucket}", await storage.EnsureBucketAsync(request.Project, request.Bucket, request.Location, request.Retention, cancellationToken).ConfigureAwait(false), Kept(request)));
        foreach (var (kind, topic, detail) in Topics(request))
        {
            Done(Step(kind, topic, await publisher.EnsureTopicAsync(topic, cancellationToken).ConfigureAwait(false), detail));
        }

        return steps;

        void Done(SetupStep step)
        {
            steps.Add(step);
            progress.Report(step);
        }
    }

    private static string Signs(SetupRequest request) => $"sign with {request.Algorithm}{Hardware(request)}";

    private static string Hardware(SetupRequest request) => request.Protection == ProtectionLevel.Hsm ? " in a hardware module (HSM)" : "";

    private static IReadOnlyList<(string Kind, string Topic, string Detail)> Topics(SetupRequest request) =>
    [
        ("decisions topic", request.DecisionsTopic, "is told of every decision"),
        ("resign topic", request.ResignTopic, "asks the signer to sign images anew"),
        ("alerts topic", request.AlertsTopic, "is told of every alert"),
        ("findings topic", request.FindingsTopic, "is told what audits find"),
        ("audit topic", request.AuditTopic, "asks for parts of a large audit"),
    ];

    private static string Kept(SetupRequest request) =>
        $"keeps decision records, audit reports, unreadable events and what was told{(request.Retention is { } period ? string.Create(CultureInfo.InvariantCulture, $", each for {period.TotalDays:0.#} days at least") : "")}";

    private async Task<SetupStep> MakeAuditKeyAsync(SetupRequest request, CancellationToken cancellationToken)
    {
        await kms.EnsureKeyRingAsync(request.AuditKey, cancellationToken).ConfigureAwait(false);
        var made = await kms.EnsureKeyAsync(request.AuditKey, request.Algorithm, request.Protection, cancellationToken).ConfigureAwait(false);
        var version = await NewestVersionAsync(request.AuditKey, cancellationToken).ConfigureAwait(false);
        return Step("audit key", request.AuditKey, made, $"signs audit reports with {version.Algorithm}{Hardware(request)}");
    }

    private async Task<SetupStep> TrustNewestVersionAsync(KeyName key, AttestorName attestor, CancellationToken cancellationToken)
    {
        var version = await NewestVersionAsync(key, cancellationToken).ConfigureAwait(false);
        if (version.Algorithm is not { } algorithm)
        {
            throw new ConfigurationException([$"{version.Name} has an algorithm that Binary Authorization does not accept. Make the key with one of: {string.Join(", ", SignatureAlgorithm.All)}."]);
        }

        var (pem, _) = await kms.GetPublicKeyAsync(version.Name, cancellationToken).ConfigureAwait(false);
        var trusted = new AttestorKey(version.Name.PublicKeyId, pem, algorithm, TrustedSince.Comment(time.GetUtcNow()));
        return Step("public key", attestor, await authorization.AddKeyAsync(attestor, trusted, cancellationToken).ConfigureAwait(false), $"trusts {version.Name}");
    }

    /// <summary>The newest enabled version; a key that was just made is still being generated, so this waits for its first.</summary>
    private async Task<KeyVersion> NewestVersionAsync(KeyName key, CancellationToken cancellationToken)
    {
        while (true)
        {
            var versions = await kms.ListEnabledVersionsAsync(key, cancellationToken).ConfigureAwait(false);
            if (versions.MaxBy(version => version.Name.Version) is { } newest)
            {
                return newest;
            }

            var first = key.Version(1);
            var state = await kms.GetStateAsync(first, cancellationToken).ConfigureAwait(false);
            if (state != CryptoKeyVersion.Types.CryptoKeyVersionState.PendingGeneration)
            {
                throw new ConfigurationException([$"{key} has no enabled version (version 1 is {state}). Enable one, or create one: gcloud kms keys versions create --key={key.Key} --keyring={key.KeyRing} --location={key.Location}."]);
            }

            await Task.Delay(PollInterval, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<SetupStep> SetPolicyAsync(SetupRequest request, CancellationToken cancellationToken)
    {
        var current = await authorization.GetPolicyAsync(request.Project, cancellationToken).ConfigureAwait(false);
        var (change, words) = Decide(request, current);
        if (change is not null)
        {
            await authorization.UpdatePolicyAsync(change, cancellationToken).ConfigureAwait(false);
        }

        return new SetupStep("policy", $"projects/{request.Project}/policy", change is not null, words);
    }

    private async Task<bool> IsListedAsync(KeyName key, Attestor attestor, CancellationToken cancellationToken)
    {
        var newest = (await kms.ListEnabledVersionsAsync(key, cancellationToken).ConfigureAwait(false)).MaxBy(version => version.Name.Version);
        return newest is not null && attestor.Keys.Any(listed => listed.Id == newest.Name.PublicKeyId);
    }

    private static (Google.Cloud.BinaryAuthorization.V1.Policy? Change, string Words) Decide(SetupRequest request, Google.Cloud.BinaryAuthorization.V1.Policy current) =>
        EnvironmentPolicy.Decide(current, request.Environment, [.. request.Attestors.Select(each => each.Attestor)]);

    private static SetupStep Step(string kind, object resource, bool change, string detail) => new(kind, resource.ToString()!, change, detail);
}
