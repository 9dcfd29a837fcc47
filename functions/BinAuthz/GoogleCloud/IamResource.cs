using System.Text.Json.Nodes;
using BinAuthz.Attestations;
using BinAuthz.Keys;

namespace BinAuthz.GoogleCloud;

/// <summary>A resource that has a policy of its own, and how its API is asked for it: some read it with GET, others with POST (each API's REST reference).</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its full name; of a bucket <c>gs://NAME</c>.</param>
internal sealed record IamResource(IamResourceKind Kind, string Name)
{
    public static IamResource Project(string project) => new(IamResourceKind.Project, $"projects/{project}");

    public static IamResource KeyRing(KeyName key) => new(IamResourceKind.KeyRing, $"projects/{key.Project}/locations/{key.Location}/keyRings/{key.KeyRing}");

    public static IamResource Key(KeyName key) => new(IamResourceKind.Key, key.ToString());

    /// <summary>The key that signs reports, and no image.</summary>
    public static IamResource AuditKey(KeyName key) => new(IamResourceKind.AuditKey, key.ToString());

    public static IamResource Note(NoteName note) => new(IamResourceKind.Note, note.ToString());

    public static IamResource Attestor(AttestorName attestor) => new(IamResourceKind.Attestor, attestor.ToString());

    public static IamResource Policy(string project) => new(IamResourceKind.Policy, $"projects/{project}/policy");

    public static IamResource Bucket(string bucket) => new(IamResourceKind.Bucket, $"gs://{bucket}");

    /// <summary>A service account as a resource: its policy says who may act as it. The dash stands for whatever project has it.</summary>
    public static IamResource Identity(string email) => new(IamResourceKind.Identity, $"projects/-/serviceAccounts/{email}");

    /// <summary>A repository of images, <c>projects/P/locations/L/repositories/R</c>.</summary>
    public static IamResource Repository(string repository) => new(IamResourceKind.Repository, repository);

    /// <summary>A topic, <c>projects/P/topics/T</c>.</summary>
    public static IamResource Topic(string topic) => new(IamResourceKind.Topic, topic);

    /// <summary>A secret, <c>projects/P/secrets/S</c>.</summary>
    public static IamResource Secret(string secret) => new(IamResourceKind.Secret, secret);

    /// <summary>A Cloud Run service, <c>projects/P/locations/L/services/S</c>.</summary>
    public static IamResource Service(string service) => new(IamResourceKind.Service, service);

    /// <summary>The project in which it is; empty: the name does not tell.</summary>
    public string Owner => Name.Split('/') is ["projects", var project, ..] && project != "-" ? project : "";

    /// <summary>The host of its API.</summary>
    public string Host => Kind switch
    {
        IamResourceKind.Project => IamClient.Projects,
        IamResourceKind.KeyRing or IamResourceKind.Key or IamResourceKind.AuditKey => "cloudkms.googleapis.com",
        IamResourceKind.Note => "containeranalysis.googleapis.com",
        IamResourceKind.Attestor or IamResourceKind.Policy => "binaryauthorization.googleapis.com",
        IamResourceKind.Bucket => "storage.googleapis.com",
        IamResourceKind.Identity => "iam.googleapis.com",
        IamResourceKind.Repository => "artifactregistry.googleapis.com",
        IamResourceKind.Topic => "pubsub.googleapis.com",
        IamResourceKind.Secret => "secretmanager.googleapis.com",
        IamResourceKind.Service => "run.googleapis.com",
        _ => throw new InvalidOperationException($"{Kind} is no kind that is known here."),
    };

    /// <summary>Whether the policy is read with POST.</summary>
    public bool IsPosted => Kind is IamResourceKind.Project or IamResourceKind.Note or IamResourceKind.Identity;

    /// <summary>Where the policy is read, without a leading slash. Only version 3 tells the conditions of bindings (docs: iam/docs/policies#versions).</summary>
    public string Path =>
        Kind == IamResourceKind.Bucket ? $"{BucketPath}?optionsRequestedPolicyVersion=3"
        : IsPosted ? $"{ResourcePath}:getIamPolicy"
        : $"{ResourcePath}:getIamPolicy?options.requestedPolicyVersion=3";

    private string BucketPath => $"storage/v1/b/{Uri.EscapeDataString(Name["gs://".Length..])}/iam";

    private string ResourcePath => $"{(Kind == IamResourceKind.Service ? "v2" : "v1")}/{GoogleJson.Path(Name)}";

    /// <summary>How the policy is replaced. A project's audit logs are set only if a mask names them (REST: cloudresourcemanager v1 projects.setIamPolicy).</summary>
    public (HttpMethod Verb, string Path, JsonObject Body) Write(JsonObject policy)
    {
        if (Kind == IamResourceKind.Bucket)
        {
            return (HttpMethod.Put, BucketPath, policy);
        }

        var body = new JsonObject { ["policy"] = policy.DeepClone() };
        if (Kind == IamResourceKind.Project)
        {
            body["updateMask"] = "bindings,etag,auditConfigs";
        }

        return (HttpMethod.Post, $"{ResourcePath}:setIamPolicy", body);
    }

    public override string ToString() => Name;
}
