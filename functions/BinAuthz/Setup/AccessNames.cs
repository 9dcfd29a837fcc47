using BinAuthz.GoogleCloud;
using BinAuthz.Keys;

namespace BinAuthz.Setup;

/// <summary>The names of what an environment's plan grants access to. What is not said is named as setup and terraform name it.</summary>
/// <param name="Project">The project id.</param>
/// <param name="Environment">The environment.</param>
/// <param name="Location">Of the keys and of the functions.</param>
internal sealed record AccessNames(string Project, DeploymentEnvironment Environment, string Location = "us-central1")
{
    /// <summary>The attestors; each with its note and key.</summary>
    public IReadOnlyList<AttestorSetup> Attestors { get; init; } = [Environment.Attestor(Project, Location)];

    /// <summary>The key that signs reports.</summary>
    public KeyName AuditKey { get; init; } = Environment.AuditKey(Project, Location);

    /// <summary>The evidence bucket, without <c>gs://</c>.</summary>
    public string Bucket { get; init; } = EvidenceBucket.Default(Project).Name;

    /// <summary>The repositories of images, <c>projects/P/locations/L/repositories/R</c>.</summary>
    public IReadOnlyList<string> Repositories { get; init; } = [];

    /// <summary>The secrets that the alert policy names, <c>projects/P/secrets/S</c>.</summary>
    public IReadOnlyList<string> ChannelSecrets { get; init; } = [];

    /// <summary>The e-mail address of an identity's service account.</summary>
    /// <param name="identity">Such as <c>signer</c>.</param>
    public string Email(string identity) => $"{Environment.Name}-{identity}@{Project}.iam.gserviceaccount.com";

    /// <summary>The IAM member of an identity.</summary>
    public string Member(string identity) => $"serviceAccount:{Email(identity)}";

    /// <summary>A role by its full name: custom ones are the project's.</summary>
    public string Role(string role) => role.StartsWith("roles/", StringComparison.Ordinal) ? role : $"projects/{Project}/roles/{role}";

    /// <summary>The resources that a grant is on.</summary>
    public IReadOnlyList<IamResource> Resources(GrantTarget target) => target.Kind switch
    {
        GrantTargetKind.Project => [IamResource.Project(Project)],
        GrantTargetKind.Key => [.. Attestors.Select(attestor => IamResource.Key(attestor.Key))],
        GrantTargetKind.AuditKey => [IamResource.AuditKey(AuditKey)],
        GrantTargetKind.Note => [.. Attestors.Select(attestor => IamResource.Note(attestor.Note))],
        GrantTargetKind.Attestor => [.. Attestors.Select(attestor => IamResource.Attestor(attestor.Attestor))],
        GrantTargetKind.Bucket => [IamResource.Bucket(Bucket)],
        GrantTargetKind.Repository => [.. Repositories.Select(IamResource.Repository)],
        GrantTargetKind.Topic => [IamResource.Topic($"projects/{Project}/topics/{Environment.Name}-{target.Name}")],
        GrantTargetKind.Secret when target.Name == GrantTarget.Channels => [.. ChannelSecrets.Select(IamResource.Secret)],
        GrantTargetKind.Secret => [IamResource.Secret($"projects/{Project}/secrets/{Environment.Name}-{target.Name}")],
        GrantTargetKind.Service => [IamResource.Service($"projects/{Project}/locations/{Location}/services/{Environment.Name}-{target.Name}")],
        _ => throw new InvalidOperationException($"{target.Kind} is no kind that is known here."),
    };
}
