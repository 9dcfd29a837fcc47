using System.Collections.Frozen;

namespace BinAuthz.Emulator.Iam.Enforcement;

/// <summary>
/// What predefined roles hold of the permissions that calls here need (reference: cloud.google.com/iam/docs/roles-permissions,
/// August 2026). A role that is not in the table holds nothing. Basic roles are simple: viewers read, editors do not
/// share, sign or destroy.
/// </summary>
internal static class PredefinedRoles
{
    private static readonly string[] NotByEditors = ["setIamPolicy", "useToSign", "destroy", "getAccessToken", "access"];

    private static readonly FrozenDictionary<string, string[]> Held = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["cloudkms.signer"] = ["cloudkms.cryptoKeyVersions.useToSign", "cloudkms.locations.get", "cloudkms.locations.list", "resourcemanager.projects.get"],
        ["cloudkms.publicKeyViewer"] = ["cloudkms.cryptoKeyVersions.viewPublicKey", "cloudkms.locations.get", "cloudkms.locations.list", "resourcemanager.projects.get"],
        ["cloudkms.signerVerifier"] =
        [
            "cloudkms.cryptoKeyVersions.useToSign", "cloudkms.cryptoKeyVersions.useToVerify", "cloudkms.cryptoKeyVersions.viewPublicKey",
            "cloudkms.locations.get", "cloudkms.locations.list", "resourcemanager.projects.get",
        ],
        ["cloudkms.viewer"] =
        [
            "cloudkms.cryptoKeyVersions.get", "cloudkms.cryptoKeyVersions.list", "cloudkms.cryptoKeys.get", "cloudkms.cryptoKeys.list", "cloudkms.keyRings.get", "cloudkms.keyRings.list",
            "cloudkms.locations.get", "cloudkms.locations.list", "resourcemanager.projects.get",
        ],
        ["cloudkms.admin"] =
        [
            "cloudkms.cryptoKeyVersions.create", "cloudkms.cryptoKeyVersions.destroy", "cloudkms.cryptoKeyVersions.get", "cloudkms.cryptoKeyVersions.list",
            "cloudkms.cryptoKeyVersions.restore", "cloudkms.cryptoKeyVersions.update", "cloudkms.cryptoKeys.create", "cloudkms.cryptoKeys.get", "cloudkms.cryptoKeys.getIamPolicy",
            "cloudkms.cryptoKeys.list", "cloudkms.cryptoKeys.setIamPolicy", "cloudkms.cryptoKeys.update", "cloudkms.keyRings.create", "cloudkms.keyRings.get",
            "cloudkms.keyRings.getIamPolicy", "cloudkms.keyRings.list", "cloudkms.keyRings.setIamPolicy", "cloudkms.locations.get", "cloudkms.locations.list", "resourcemanager.projects.get",
        ],
        ["binaryauthorization.attestorsViewer"] = ["binaryauthorization.attestors.get", "binaryauthorization.attestors.list", "resourcemanager.projects.get", "resourcemanager.projects.list"],
        ["binaryauthorization.attestorsVerifier"] =
        [
            "binaryauthorization.attestors.get", "binaryauthorization.attestors.list", "binaryauthorization.attestors.verifyImageAttested", "resourcemanager.projects.get", "resourcemanager.projects.list",
        ],
        ["binaryauthorization.attestorsEditor"] =
        [
            "binaryauthorization.attestors.create", "binaryauthorization.attestors.delete", "binaryauthorization.attestors.get", "binaryauthorization.attestors.list",
            "binaryauthorization.attestors.update", "binaryauthorization.attestors.verifyImageAttested", "resourcemanager.projects.get", "resourcemanager.projects.list",
        ],
        ["binaryauthorization.policyViewer"] = ["binaryauthorization.policy.get", "resourcemanager.projects.get", "resourcemanager.projects.list"],
        ["binaryauthorization.policyEditor"] = ["binaryauthorization.policy.get", "binaryauthorization.policy.update", "resourcemanager.projects.get", "resourcemanager.projects.list"],
        ["containeranalysis.notes.attacher"] = ["containeranalysis.notes.attachOccurrence", "containeranalysis.notes.get"],
        ["containeranalysis.notes.viewer"] = ["containeranalysis.notes.get", "containeranalysis.notes.list", "resourcemanager.projects.get", "resourcemanager.projects.list"],
        ["containeranalysis.notes.occurrences.viewer"] = ["containeranalysis.notes.get", "containeranalysis.notes.listOccurrences"],
        ["containeranalysis.occurrences.viewer"] = ["containeranalysis.occurrences.get", "containeranalysis.occurrences.list", "resourcemanager.projects.get", "resourcemanager.projects.list"],
        ["containeranalysis.occurrences.editor"] =
        [
            "containeranalysis.occurrences.create", "containeranalysis.occurrences.delete", "containeranalysis.occurrences.get", "containeranalysis.occurrences.list",
            "containeranalysis.occurrences.update", "resourcemanager.projects.get", "resourcemanager.projects.list",
        ],
        ["artifactregistry.reader"] =
        [
            "artifactregistry.dockerimages.get", "artifactregistry.dockerimages.list", "artifactregistry.files.get", "artifactregistry.files.list", "artifactregistry.locations.get",
            "artifactregistry.locations.list", "artifactregistry.packages.get", "artifactregistry.packages.list", "artifactregistry.repositories.downloadArtifacts",
            "artifactregistry.repositories.get", "artifactregistry.repositories.list", "artifactregistry.tags.get", "artifactregistry.tags.list", "artifactregistry.versions.get",
            "artifactregistry.versions.list", "resourcemanager.projects.get",
        ],
        ["artifactregistry.writer"] =
        [
            "artifactregistry.dockerimages.get", "artifactregistry.dockerimages.list", "artifactregistry.locations.list", "artifactregistry.packages.get", "artifactregistry.packages.list",
            "artifactregistry.repositories.downloadArtifacts", "artifactregistry.repositories.get", "artifactregistry.repositories.list", "artifactregistry.repositories.uploadArtifacts",
            "artifactregistry.tags.create", "artifactregistry.tags.get", "artifactregistry.tags.list", "artifactregistry.tags.update", "artifactregistry.versions.get", "artifactregistry.versions.list",
        ],
        ["storage.objectCreator"] = ["storage.objects.create", "resourcemanager.projects.get", "resourcemanager.projects.list"],
        ["storage.objectViewer"] = ["storage.objects.get", "storage.objects.list", "resourcemanager.projects.get", "resourcemanager.projects.list"],
        ["storage.objectUser"] = ["storage.objects.create", "storage.objects.delete", "storage.objects.get", "storage.objects.list", "storage.objects.update"],
        ["storage.objectAdmin"] = ["storage.objects.create", "storage.objects.delete", "storage.objects.get", "storage.objects.list", "storage.objects.update"],
        ["storage.legacyObjectReader"] = ["storage.objects.get"],
        ["storage.bucketViewer"] = ["storage.buckets.get", "storage.buckets.list"],
        ["pubsub.publisher"] = ["pubsub.topics.publish"],
        ["pubsub.subscriber"] = ["pubsub.subscriptions.consume", "pubsub.topics.attachSubscription"],
        ["logging.logWriter"] = ["logging.logEntries.create"],
        ["logging.viewer"] = ["logging.logEntries.list", "logging.logs.list", "logging.sinks.get", "logging.sinks.list", "resourcemanager.projects.get"],
        ["logging.privateLogViewer"] = ["logging.logEntries.list", "logging.logs.list", "logging.privateLogEntries.list", "logging.sinks.get", "logging.sinks.list", "resourcemanager.projects.get"],
        ["secretmanager.secretAccessor"] = ["secretmanager.versions.access", "resourcemanager.projects.get", "resourcemanager.projects.list"],
        ["container.clusterViewer"] = ["container.clusters.get", "container.clusters.list", "resourcemanager.projects.get", "resourcemanager.projects.list"],
        ["cloudasset.viewer"] = ["cloudasset.assets.listResource"],
        ["serviceusage.serviceUsageConsumer"] = ["serviceusage.services.get", "serviceusage.services.list", "serviceusage.services.use"],
        ["run.invoker"] = ["run.jobs.run", "run.routes.invoke"],
    }.ToFrozenDictionary();

    /// <summary>Whether a predefined role holds a permission.</summary>
    /// <param name="role">Such as <c>roles/cloudkms.signer</c>.</param>
    /// <param name="permission">The permission.</param>
    public static bool Holds(string role, string permission) => role switch
    {
        "roles/owner" => true,
        "roles/editor" => !NotByEditors.Contains(Verb(permission)) && !permission.StartsWith("storage.objects.", StringComparison.Ordinal),
        "roles/viewer" => Verb(permission) is "get" or "list" && !permission.StartsWith("storage.objects.", StringComparison.Ordinal) && permission != "logging.privateLogEntries.list",
        _ => Held.TryGetValue(role["roles/".Length..], out var permissions) && permissions.Contains(permission),
    };

    /// <summary>The permissions of a role; null: it is a basic role, or not in the table.</summary>
    public static IReadOnlyCollection<string>? Find(string role) => Held.GetValueOrDefault(role["roles/".Length..]);

    private static string Verb(string permission) => permission[(permission.LastIndexOf('.') + 1)..];
}
