using System.Globalization;
using BinAuthz.Attestations;
using BinAuthz.Keys;

namespace BinAuthz.Denials;

/// <summary>Says what a change of what is trusted means. Pure.</summary>
internal static class TrustChangeDiagnosis
{
    /// <summary>What was changed, and how to look at it or to take it back.</summary>
    public static Diagnosis Of(Finding finding, TrustChange change)
    {
        if (change.Kind == TrustChangeKind.KeyRevoked)
        {
            return OfRevocation(finding, change);
        }

        var (means, remedy) = Say(change.Kind);
        var command = Command(change);
        return new Diagnosis(
            DiagnosisCause.TrustChanged,
            $"{change.Method} on {change.Resource}{(finding.Principal.Length > 0 ? $" by {finding.Principal}" : "")}: {means}",
            remedy,
            command.Length > 0 ? command : EventDiagnosis.ReadEntry(finding.Source));
    }

    private static Diagnosis OfRevocation(Finding finding, TrustChange change)
    {
        var command = finding.Attestors is [var attestor, ..] ? RemedyCommands.RotationStatus(attestor) : "";
        return new Diagnosis(
            DiagnosisCause.KeyRevoked,
            $"{change.Resource} was revoked{(finding.Principal.Length > 0 ? $" by {finding.Principal}" : "")}, {finding.Justification}. {change.Consequence}",
            "Delete the pods that run what nobody vouches for any more, and build, scan or push anew what is blocked and needed. The command lists both.",
            command.Length > 0 ? command : EventDiagnosis.ReadEntry(finding.Source));
    }

    private static (string Means, string Remedy) Say(TrustChangeKind kind) => kind switch
    {
        TrustChangeKind.Policy => ("the policy decides what runs.", "Compare the policy with the one that you keep, and set that again with `binauthz policy apply` if nobody meant the change."),
        TrustChangeKind.Attestor => ("whoever holds a key that an attestor lists can let any image run.", "Look at the keys, and take out those that nobody meant to add."),
        TrustChangeKind.AttestorDeleted => ("rules that demand the attestor deny every image from now on.", "Make it again, or take it out of the rules with `binauthz policy apply`."),
        TrustChangeKind.Access => ("whoever may write there can let images run, or stop them.", "Look at who has access now, and take back what nobody meant to grant."),
        TrustChangeKind.KeyDisabled => ("nothing can be signed with it any more; what it signed counts for as long as the attestor lists it.", "Look at the version. `gcloud kms keys versions enable` takes it back if nobody meant it."),
        TrustChangeKind.KeyRestored => ("it is not destroyed after all, and can be enabled to sign again.", "Look at the version. `gcloud kms keys versions destroy` takes it back if nobody meant it."),
        TrustChangeKind.KeyEnabled => ("it can sign again.", "Look at the version. `gcloud kms keys versions disable` takes it back if nobody meant it."),
        _ => ("once destroyed it never comes back; what it signed counts for as long as the attestor lists it.", "Look at the version. While it is scheduled, `gcloud kms keys versions restore` takes it back."),
    };

    private static string Command(TrustChange change) => (change.Kind, Resource(change.Resource)) switch
    {
        (TrustChangeKind.Policy, ProjectPolicy policy) => ShellCommand.Of("binauthz", "policy", "diff", "policy.yaml", $"--project={policy.Project}"),
        (TrustChangeKind.Access, ProjectPolicy policy) => ShellCommand.Of("gcloud", "container", "binauthz", "policy", "get-iam-policy", $"--project={policy.Project}"),
        (TrustChangeKind.Attestor, AttestorName attestor) => ShellCommand.Of("gcloud", "container", "binauthz", "attestors", "describe", attestor.Id, $"--project={attestor.Project}"),
        (TrustChangeKind.AttestorDeleted, AttestorName attestor) => RemedyCommands.SetUp(attestor),
        (TrustChangeKind.Access, AttestorName attestor) => ShellCommand.Of("gcloud", "container", "binauthz", "attestors", "get-iam-policy", attestor.Id, $"--project={attestor.Project}"),
        (TrustChangeKind.Access, KeyName key) => ShellCommand.Of(["gcloud", "kms", "keys", "get-iam-policy", key.Key, .. Ring(key)]),
        (_, KeyVersionName version) => ShellCommand.Of(["gcloud", "kms", "keys", "versions", "describe", version.Version.ToString(CultureInfo.InvariantCulture), $"--key={version.Key.Key}", .. Ring(version.Key)]),
        _ => "",
    };

    private static string[] Ring(KeyName key) => [$"--keyring={key.KeyRing}", $"--location={key.Location}", $"--project={key.Project}"];

    private static object? Resource(string name) =>
        AttestorName.TryParse(name, out var attestor) ? attestor
        : KeyVersionName.TryParse(name, out var version) ? version
        : KeyName.TryParse(name, out var key) ? key
        : name.Split('/') is ["projects", { Length: > 0 } project, "policy"] ? new ProjectPolicy(project)
        : null;

    private sealed record ProjectPolicy(string Project);
}
