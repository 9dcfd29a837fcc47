namespace BinAuthz.Checkup;

/// <summary>A permission, and the predefined role that is meant for it (docs: the IAM roles of each product).</summary>
/// <param name="Permission">Such as <c>binaryauthorization.policy.get</c>.</param>
/// <param name="Role">Without <c>roles/</c>; null: there is no narrow one that is sure to have it.</param>
internal sealed record Access(string Permission, string? Role)
{
    public static readonly Access Policy = new("binaryauthorization.policy.get", "binaryauthorization.policyViewer");
    public static readonly Access Attestor = new("binaryauthorization.attestors.get", "binaryauthorization.attestorsViewer");
    public static readonly Access Attestors = new("binaryauthorization.attestors.list", "binaryauthorization.attestorsViewer");
    public static readonly Access Validate = new("binaryauthorization.attestors.verifyImageAttested", "binaryauthorization.attestorsVerifier");
    public static readonly Access Key = new("cloudkms.cryptoKeys.get", "cloudkms.viewer");
    public static readonly Access KeyVersions = new("cloudkms.cryptoKeyVersions.list", "cloudkms.viewer");
    public static readonly Access Sign = new("cloudkms.cryptoKeyVersions.useToSign", "cloudkms.signer");
    public static readonly Access PublicKey = new("cloudkms.cryptoKeyVersions.viewPublicKey", "cloudkms.publicKeyViewer");
    public static readonly Access Note = new("containeranalysis.notes.get", "containeranalysis.notes.attacher");
    public static readonly Access Attach = new("containeranalysis.notes.attachOccurrence", "containeranalysis.notes.attacher");
    public static readonly Access NoteOccurrences = new("containeranalysis.notes.listOccurrences", "containeranalysis.notes.occurrences.viewer");
    public static readonly Access CreateOccurrences = new("containeranalysis.occurrences.create", "containeranalysis.occurrences.editor");
    public static readonly Access Images = new("artifactregistry.dockerimages.get", "artifactregistry.reader");
    public static readonly Access Repositories = new("artifactregistry.repositories.list", "artifactregistry.reader");
    public static readonly Access ImageList = new("artifactregistry.dockerimages.list", "artifactregistry.reader");
    public static readonly Access Pods = new("cloudasset.assets.listResource", "cloudasset.viewer");
    public static readonly Access Records = new("storage.objects.list", "storage.objectViewer");
    public static readonly Access Cluster = new("container.clusters.get", "container.viewer");
    public static readonly Access Clusters = new("container.clusters.list", "container.clusterViewer");
    public static readonly Access Bucket = new("storage.buckets.get", null);
    public static readonly Access Topic = new("pubsub.topics.get", null);
    public static readonly Access Subscriptions = new("pubsub.subscriptions.list", null);
    public static readonly Access Sinks = new("logging.sinks.list", null);
    public static readonly Access ProjectPolicy = new("resourcemanager.projects.getIamPolicy", null);

    public static readonly Access Policies = new("the permission to read its IAM policy", "iam.securityReviewer");
    public static readonly Access Roles = new("iam.roles.get", "iam.roleViewer");

    /// <summary>Anybody who may ask at all.</summary>
    public static readonly Access None = new("the permission that the API names", null);

    /// <summary>How to give it to whoever lacks it.</summary>
    public string Grant(string project) => Role is null
        ? $"Grant whoever runs this {Permission}, with a role that has it."
        : $"Grant whoever runs this {Permission}: `gcloud projects add-iam-policy-binding {project} --member=MEMBER --role=roles/{Role}`.";
}
