using BinAuthz.Admission;
using BinAuthz.Checking;
using BinAuthz.Cli.Policies;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using Authz = Google.Cloud.BinaryAuthorization.V1;

namespace BinAuthz.Cli.Checking;

/// <summary>Reads the policies of a check, from files or from Google.</summary>
/// <param name="google">Null: nobody is asked.</param>
internal sealed class CheckSourceReader(AdmissionEvidenceReader? google)
{
    /// <summary>Reads both.</summary>
    /// <param name="policyFile">An exported policy, or null: that of <paramref name="project"/>.</param>
    /// <param name="project">May be null when there is a file.</param>
    /// <param name="systemPolicyFile">An exported system policy, or null.</param>
    /// <param name="cluster"><c>LOCATION.NAME</c>, or null.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ConfigurationException">A policy cannot be used.</exception>
    public async Task<CheckSources> ReadAsync(string? policyFile, string? project, string? systemPolicyFile, string? cluster, CancellationToken cancellationToken)
    {
        var (name, document) = policyFile is not null
            ? (policyFile, PolicyFile.Demand(policyFile).Document.Policy)
            : ($"projects/{project}/policy", await google!.ReadPolicyAsync(project!, cancellationToken).ConfigureAwait(false));
        var policy = AdmissionPolicyReader.Read(document, name);
        var (patterns, warnings) = await SystemPatternsAsync(policy, systemPolicyFile, cluster, cancellationToken).ConfigureAwait(false);
        return new CheckSources(name, policy, patterns, [.. policy.Warnings, .. warnings]);
    }

    private async Task<(IReadOnlyList<ImagePattern> Patterns, IReadOnlyList<string> Warnings)> SystemPatternsAsync(AdmissionPolicy policy, string? file, string? cluster, CancellationToken cancellationToken)
    {
        if (!policy.UsesSystemPolicy)
        {
            return ([], []);
        }

        if (file is not null)
        {
            return AdmissionPolicyReader.Patterns(PolicyFile.Demand(file).Document.Policy);
        }

        if (google is null)
        {
            return Excerpt("nobody was asked");
        }

        Authz.Policy system;
        try
        {
            system = await google.ReadSystemPolicyAsync(SystemPolicyLocation.Of(cluster), cancellationToken).ConfigureAwait(false);
        }
        catch (GoogleCallException error) when (!error.IsTransient)
        {
            return Excerpt(error.Message);
        }

        return AdmissionPolicyReader.Patterns(system);
    }

    private static (IReadOnlyList<ImagePattern> Patterns, IReadOnlyList<string> Warnings) Excerpt(string why) =>
        (SystemPolicyExcerpt.Patterns,
         [$"Of Google's system policy only an excerpt of {SystemPolicyExcerpt.Date} is used ({why}), so that images of GKE may be told as denied which are admitted. Save `gcloud alpha container binauthz policy export-system-policy` and name it with --system-policy."]);
}
