namespace BinAuthz.Emulator.Iam.Enforcement;

/// <summary>The permissions of gRPC methods, API by API. What is not in it is refused to callers with a name.</summary>
internal static class PermissionTable
{
    public static IEnumerable<MethodPermission> All =>
    [
        .. Of("google.cloud.kms.v1.KeyManagementService", Kms),
        .. Of("google.cloud.binaryauthorization.v1.BinauthzManagementServiceV1", BinaryAuthorization),
        .. Of("google.cloud.binaryauthorization.v1beta1.BinauthzManagementServiceV1Beta1", BinaryAuthorization),
        .. Of("google.cloud.binaryauthorization.v1.SystemPolicyV1", [("GetSystemPolicy", MethodPermissions.Nothing, "name")]),
        .. Of("google.cloud.binaryauthorization.v1.ValidationHelperV1", [("ValidateAttestationOccurrence", "binaryauthorization.attestors.verifyImageAttested", "attestor")]),
        .. Of("grafeas.v1.Grafeas", Grafeas),
        // With a mask that leaves the note out, only the occurrence is looked at.
        new("/grafeas.v1.Grafeas/UpdateOccurrence", "containeranalysis.notes.attachOccurrence", "occurrence.note_name", IsRequired: false),
        new("/google.cloud.binaryauthorization.v1.BinauthzManagementServiceV1/UpdatePolicy", "binaryauthorization.attestors.get", "policy.default_admission_rule.require_attestations_by", IsRequired: false),
        .. Of("google.devtools.artifactregistry.v1.ArtifactRegistry", ArtifactRegistry),
        .. Of("google.pubsub.v1.Publisher", Publisher),
        .. Of("google.pubsub.v1.Subscriber", Subscriber),
        .. Of("google.logging.v2.LoggingServiceV2", Logging),
        .. Of("google.logging.v2.ConfigServiceV2", Sinks),
        .. Of("google.cloud.secretmanager.v1.SecretManagerService", Secrets),
        .. Of("google.iam.admin.v1.IAM", Roles),
        .. Of("google.iam.credentials.v1.IAMCredentials", [("GenerateAccessToken", "iam.serviceAccounts.getAccessToken", "name")]),
        .. Of("binauthz.emulator.rest.Projects", [("GetProject", "resourcemanager.projects.get", "project_id")]),
        .. Of("google.api.serviceusage.v1.ServiceUsage", ServiceUsage),
    ];

    private static IEnumerable<MethodPermission> Of(string service, IEnumerable<(string Method, string Permission, string Field)> methods) =>
        methods.Select(each => new MethodPermission($"/{service}/{each.Method}", each.Permission, each.Field));

    private static readonly (string, string, string)[] Kms =
    [
        ("ListKeyRings", "cloudkms.keyRings.list", "parent"),
        ("GetKeyRing", "cloudkms.keyRings.get", "name"),
        ("CreateKeyRing", "cloudkms.keyRings.create", "parent"),
        ("ListCryptoKeys", "cloudkms.cryptoKeys.list", "parent"),
        ("GetCryptoKey", "cloudkms.cryptoKeys.get", "name"),
        ("CreateCryptoKey", "cloudkms.cryptoKeys.create", "parent"),
        ("UpdateCryptoKey", "cloudkms.cryptoKeys.update", "crypto_key.name"),
        ("ListCryptoKeyVersions", "cloudkms.cryptoKeyVersions.list", "parent"),
        ("GetCryptoKeyVersion", "cloudkms.cryptoKeyVersions.get", "name"),
        ("CreateCryptoKeyVersion", "cloudkms.cryptoKeyVersions.create", "parent"),
        ("UpdateCryptoKeyVersion", "cloudkms.cryptoKeyVersions.update", "crypto_key_version.name"),
        ("DestroyCryptoKeyVersion", "cloudkms.cryptoKeyVersions.destroy", "name"),
        ("RestoreCryptoKeyVersion", "cloudkms.cryptoKeyVersions.restore", "name"),
        ("GetPublicKey", "cloudkms.cryptoKeyVersions.viewPublicKey", "name"),
        ("AsymmetricSign", "cloudkms.cryptoKeyVersions.useToSign", "name"),
    ];

    private static readonly (string, string, string)[] BinaryAuthorization =
    [
        ("GetPolicy", "binaryauthorization.policy.get", "name"),
        ("UpdatePolicy", "binaryauthorization.policy.update", "policy.name"),
        ("GetAttestor", "binaryauthorization.attestors.get", "name"),
        ("ListAttestors", "binaryauthorization.attestors.list", "parent"),
        ("CreateAttestor", "binaryauthorization.attestors.create", "parent"),
        ("UpdateAttestor", "binaryauthorization.attestors.update", "attestor.name"),
        ("DeleteAttestor", "binaryauthorization.attestors.delete", "name"),
    ];

    // An attestation is stored in a project and attached to a note, and needs a permission on both.
    private static readonly (string, string, string)[] Grafeas =
    [
        ("GetOccurrence", "containeranalysis.occurrences.get", "name"),
        ("ListOccurrences", "containeranalysis.occurrences.list", "parent"),
        ("CreateOccurrence", "containeranalysis.occurrences.create", "parent"),
        ("CreateOccurrence", "containeranalysis.notes.attachOccurrence", "occurrence.note_name"),
        ("BatchCreateOccurrences", "containeranalysis.occurrences.create", "parent"),
        ("BatchCreateOccurrences", "containeranalysis.notes.attachOccurrence", "occurrences.note_name"),
        ("UpdateOccurrence", "containeranalysis.occurrences.update", "name"),
        ("DeleteOccurrence", "containeranalysis.occurrences.delete", "name"),
        ("GetNote", "containeranalysis.notes.get", "name"),
        ("ListNotes", "containeranalysis.notes.list", "parent"),
        ("CreateNote", "containeranalysis.notes.create", "parent"),
        ("UpdateNote", "containeranalysis.notes.update", "name"),
        ("DeleteNote", "containeranalysis.notes.delete", "name"),
        ("ListNoteOccurrences", "containeranalysis.notes.listOccurrences", "name"),
    ];

    private static readonly (string, string, string)[] ArtifactRegistry =
    [
        ("ListDockerImages", "artifactregistry.dockerimages.list", "parent"),
        ("GetDockerImage", "artifactregistry.dockerimages.get", "name"),
        ("ListRepositories", "artifactregistry.repositories.list", "parent"),
        ("GetRepository", "artifactregistry.repositories.get", "name"),
        ("CreateRepository", "artifactregistry.repositories.create", "parent"),
        ("UpdateRepository", "artifactregistry.repositories.update", "repository.name"),
        ("DeleteRepository", "artifactregistry.repositories.delete", "name"),
        ("ListPackages", "artifactregistry.packages.list", "parent"),
        ("GetPackage", "artifactregistry.packages.get", "name"),
        ("ListVersions", "artifactregistry.versions.list", "parent"),
        ("GetVersion", "artifactregistry.versions.get", "name"),
        ("ListTags", "artifactregistry.tags.list", "parent"),
        ("GetTag", "artifactregistry.tags.get", "name"),
    ];

    private static readonly (string, string, string)[] Publisher =
    [
        ("Publish", "pubsub.topics.publish", "topic"),
        ("GetTopic", "pubsub.topics.get", "topic"),
        ("CreateTopic", "pubsub.topics.create", "name"),
        ("ListTopics", "pubsub.topics.list", "project"),
        ("ListTopicSubscriptions", "pubsub.topics.get", "topic"),
        ("DeleteTopic", "pubsub.topics.delete", "topic"),
    ];

    private static readonly (string, string, string)[] Subscriber =
    [
        ("GetSubscription", "pubsub.subscriptions.get", "subscription"),
        ("ListSubscriptions", "pubsub.subscriptions.list", "project"),
        ("CreateSubscription", "pubsub.subscriptions.create", "name"),
        ("CreateSubscription", "pubsub.topics.attachSubscription", "topic"),
        ("DeleteSubscription", "pubsub.subscriptions.delete", "subscription"),
        ("Pull", "pubsub.subscriptions.consume", "subscription"),
        ("Acknowledge", "pubsub.subscriptions.consume", "subscription"),
        ("ModifyAckDeadline", "pubsub.subscriptions.consume", "subscription"),
    ];

    private static readonly (string, string, string)[] Logging =
    [
        ("ListLogEntries", "logging.logEntries.list", "resource_names"),
        ("ListLogs", "logging.logs.list", "parent"),
        ("DeleteLog", "logging.logs.delete", "log_name"),
        ("WriteLogEntries", "logging.logEntries.create", "entries.log_name"),
    ];

    private static readonly (string, string, string)[] Sinks =
    [
        ("ListSinks", "logging.sinks.list", "parent"),
        ("GetSink", "logging.sinks.get", "sink_name"),
        ("CreateSink", "logging.sinks.create", "parent"),
        ("UpdateSink", "logging.sinks.update", "sink_name"),
        ("DeleteSink", "logging.sinks.delete", "sink_name"),
    ];

    private static readonly (string, string, string)[] Secrets =
    [
        ("ListSecrets", "secretmanager.secrets.list", "parent"),
        ("GetSecret", "secretmanager.secrets.get", "name"),
        ("CreateSecret", "secretmanager.secrets.create", "parent"),
        ("DeleteSecret", "secretmanager.secrets.delete", "name"),
        ("AddSecretVersion", "secretmanager.versions.add", "parent"),
        ("ListSecretVersions", "secretmanager.versions.list", "parent"),
        ("GetSecretVersion", "secretmanager.versions.get", "name"),
        ("AccessSecretVersion", "secretmanager.versions.access", "name"),
        ("DisableSecretVersion", "secretmanager.versions.disable", "name"),
        ("EnableSecretVersion", "secretmanager.versions.enable", "name"),
        ("DestroySecretVersion", "secretmanager.versions.destroy", "name"),
    ];

    private static readonly (string, string, string)[] Roles =
    [
        ("GetRole", "iam.roles.get", "name"),
        ("CreateRole", "iam.roles.create", "parent"),
        ("UpdateRole", "iam.roles.update", "name"),
        ("DeleteRole", "iam.roles.delete", "name"),
        ("UndeleteRole", "iam.roles.undelete", "name"),
        ("ListServiceAccounts", "iam.serviceAccounts.list", "name"),
        ("GetServiceAccount", "iam.serviceAccounts.get", "name"),
        ("CreateServiceAccount", "iam.serviceAccounts.create", "name"),
        ("DeleteServiceAccount", "iam.serviceAccounts.delete", "name"),
    ];

    private static readonly (string, string, string)[] ServiceUsage =
    [
        ("GetService", "serviceusage.services.get", "name"),
        ("ListServices", "serviceusage.services.list", "parent"),
        ("EnableService", "serviceusage.services.enable", "name"),
        ("BatchEnableServices", "serviceusage.services.enable", "parent"),
        ("DisableService", "serviceusage.services.disable", "name"),
    ];
}
