using static BinAuthz.Auditing.Facts.WatchedPermission;

namespace BinAuthz.Auditing.Facts;

/// <summary>
/// Which predefined roles have a permission that is watched: one table, of the products that matter here complete as of August
/// 2026 (reference: cloud.google.com/iam/docs/roles-permissions and each product's page of roles). The roles of Google's own
/// service agents are not in it. Basic roles are; that Admin and Writer hold what Owner and Editor do is assumed.
/// </summary>
internal static class PredefinedRoles
{
    private static readonly string[] Owners = ["owner", "admin"];
    private static readonly string[] Editors = ["owner", "admin", "editor", "writer"];

    private static readonly Dictionary<string, string[]> Holders = new(StringComparer.Ordinal)
    {
        [Sign] = [.. Owners, "cloudkms.cryptoOperator", "cloudkms.signer", "cloudkms.signerVerifier", "container.cloudKmsKeyUser"],
        [CreateVersion] = [.. Editors, "cloudkms.admin"],
        [UpdateVersion] = [.. Editors, "cloudkms.admin"],
        [DestroyVersion] = [.. Owners, "cloudkms.admin"],
        [ShareKey] = [.. Owners, "cloudkms.admin", "iam.securityAdmin"],
        [ShareKeyRing] = [.. Owners, "cloudkms.admin", "iam.securityAdmin"],
        [Attach] = [.. Editors, "containeranalysis.admin", "containeranalysis.editor", "containeranalysis.notes.attacher", "containeranalysis.notes.editor"],
        [ShareNote] = [.. Owners, "containeranalysis.admin", "iam.securityAdmin"],
        [UpdateAttestor] = [.. Editors, "binaryauthorization.admin", "binaryauthorization.attestorsAdmin", "binaryauthorization.attestorsEditor", "binaryauthorization.editor"],
        [ShareAttestor] = [.. Owners, "binaryauthorization.admin", "binaryauthorization.attestorsAdmin", "iam.securityAdmin"],
        [UpdatePolicy] = [.. Editors, "binaryauthorization.admin", "binaryauthorization.editor", "binaryauthorization.policyAdmin", "binaryauthorization.policyEditor", "iam.devOps"],
        [SharePolicy] = [.. Owners, "binaryauthorization.admin", "binaryauthorization.policyAdmin", "iam.devOps", "iam.securityAdmin"],
        [ShareProject] = [.. Owners, "iam.securityAdmin", "resourcemanager.folderAdmin", "resourcemanager.organizationAdmin", "resourcemanager.projectIamAdmin"],
        [DeleteObject] =
        [
            "storage.admin", "storage.folderAdmin", "storage.legacyBucketOwner", "storage.legacyBucketWriter", "storage.objectAdmin", "storage.objectUser",
            "storage.expressModeServiceInput", "storage.expressModeServiceOutput", "storage.expressModeUserAccess",
            "cloudbuild.builds.builder", "composer.environmentAndStorageObjectAdmin", "composer.worker", "config.agent", "dataplex.storageDataOwner", "dataplex.storageDataWriter",
            "dataproc.worker", "firebase.admin", "firebase.developAdmin", "iam.databasesAdmin", "iam.dataScientist", "iam.devOps", "iam.infrastructureAdmin", "iam.mlEngineer",
        ],
        [UpdateBucket] = ["storage.admin", "storage.legacyBucketOwner", "config.agent", "firebase.admin", "firebase.developAdmin", "iam.databasesAdmin", "iam.infrastructureAdmin"],
        [ShareBucket] = ["storage.admin", "storage.legacyBucketOwner", "firebase.admin", "firebase.developAdmin", "iam.databasesAdmin", "iam.infrastructureAdmin", "iam.securityAdmin"],
        [TakeToken] = ["iam.serviceAccountTokenCreator", "iam.workloadIdentityUser"],
        [MakeAccountKey] = [.. Editors, "iam.admin", "iam.editor", "iam.serviceAccountKeyAdmin"],
        [ActAs] = [.. Editors, "iam.admin", "iam.databasesAdmin", "iam.dataScientist", "iam.devOps", "iam.editor", "iam.serviceAccountUser"],
        [ShareAccount] = [.. Owners, "iam.admin", "iam.devOps", "iam.securityAdmin", "iam.serviceAccountAdmin"],
    };

    // Those that hold none of them.
    private static readonly string[] Harmless =
    [
        "viewer", "reader", "browser",
        "cloudkms.autokeyAdmin", "cloudkms.autokeyUser", "cloudkms.cryptoKeyDecrypter", "cloudkms.cryptoKeyDecrypterViaDelegation", "cloudkms.cryptoKeyEncrypter",
        "cloudkms.cryptoKeyEncrypterDecrypter", "cloudkms.cryptoKeyEncrypterDecrypterViaDelegation", "cloudkms.cryptoKeyEncrypterViaDelegation", "cloudkms.decapsulator",
        "cloudkms.ekmConnectionsAdmin", "cloudkms.encryptionDashboardViewer", "cloudkms.expertPqcSigner", "cloudkms.expertRawAesCbc", "cloudkms.expertRawAesCtr",
        "cloudkms.expertRawPKCS1", "cloudkms.hsmSingleTenantExecutor", "cloudkms.hsmSingleTenantKeyCreator", "cloudkms.hsmSingleTenantProposer",
        "cloudkms.hsmSingleTenantQuorumMember", "cloudkms.importer", "cloudkms.keyAccessJustificationsEnrollmentConfigViewer",
        "cloudkms.keyAccessJustificationsPolicyConfigAdmin", "cloudkms.protectedResourcesViewer", "cloudkms.publicKeyViewer", "cloudkms.verifier", "cloudkms.viewer",
        "binaryauthorization.attestorsVerifier", "binaryauthorization.attestorsViewer", "binaryauthorization.policyEvaluator", "binaryauthorization.policyViewer", "binaryauthorization.viewer",
        "containeranalysis.notes.occurrences.viewer", "containeranalysis.notes.viewer", "containeranalysis.occurrences.editor", "containeranalysis.occurrences.viewer", "containeranalysis.viewer",
        "storage.annotationGeneratorService", "storage.bucketViewer", "storage.editor", "storage.hmacKeyAdmin", "storage.insightsCollectorService", "storage.legacyBucketReader",
        "storage.legacyObjectOwner", "storage.legacyObjectReader", "storage.objectCreator", "storage.objectViewer", "storage.viewer",
    ];

    private static readonly string[] Products = ["cloudkms.", "binaryauthorization.", "containeranalysis.", "storage."];

    private static readonly Dictionary<string, HashSet<string>> Held = Holders
        .SelectMany(each => each.Value.Select(role => (Role: role, Permission: each.Key)))
        .GroupBy(each => each.Role, each => each.Permission, StringComparer.Ordinal)
        .ToDictionary(role => role.Key, role => role.ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);

    private static readonly HashSet<string> None = [];

    /// <summary>Whether a role is one that somebody made in a project or an organization.</summary>
    public static bool IsCustom(string role) => !role.StartsWith("roles/", StringComparison.Ordinal);

    /// <summary>Whether a role is made for Google's own identities.</summary>
    public static bool IsForServiceAgents(string role) => role.EndsWith("serviceAgent", StringComparison.OrdinalIgnoreCase);

    /// <summary>The watched permissions of a predefined role.</summary>
    /// <param name="role">Such as <c>roles/cloudkms.signer</c>.</param>
    /// <returns>Null: the role is of a product that matters, or of Google's own, and what it holds is not known here.</returns>
    public static IReadOnlySet<string>? Find(string role)
    {
        var name = role["roles/".Length..];
        return Held.TryGetValue(name, out var permissions) ? permissions
            : !Harmless.Contains(name) && (IsForServiceAgents(role) || Products.Any(product => name.StartsWith(product, StringComparison.Ordinal))) ? null
            : None;
    }
}
