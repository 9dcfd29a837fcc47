namespace BinAuthz.Auditing.Facts;

/// <summary>The permissions with which the gate, what it trusts or the evidence of it can be changed (reference: cloud.google.com/iam/docs/permissions-reference).</summary>
internal static class WatchedPermission
{
    public const string Sign = "cloudkms.cryptoKeyVersions.useToSign";
    public const string CreateVersion = "cloudkms.cryptoKeyVersions.create";
    public const string UpdateVersion = "cloudkms.cryptoKeyVersions.update";
    public const string DestroyVersion = "cloudkms.cryptoKeyVersions.destroy";
    public const string ShareKey = "cloudkms.cryptoKeys.setIamPolicy";
    public const string ShareKeyRing = "cloudkms.keyRings.setIamPolicy";
    public const string Attach = "containeranalysis.notes.attachOccurrence";
    public const string ShareNote = "containeranalysis.notes.setIamPolicy";
    public const string UpdateAttestor = "binaryauthorization.attestors.update";
    public const string ShareAttestor = "binaryauthorization.attestors.setIamPolicy";
    public const string UpdatePolicy = "binaryauthorization.policy.update";
    public const string SharePolicy = "binaryauthorization.policy.setIamPolicy";
    public const string ShareProject = "resourcemanager.projects.setIamPolicy";
    public const string DeleteObject = "storage.objects.delete";
    public const string UpdateBucket = "storage.buckets.update";
    public const string ShareBucket = "storage.buckets.setIamPolicy";
    public const string TakeToken = "iam.serviceAccounts.getAccessToken";
    public const string MakeAccountKey = "iam.serviceAccountKeys.create";
    public const string ActAs = "iam.serviceAccounts.actAs";
    public const string ShareAccount = "iam.serviceAccounts.setIamPolicy";
}
