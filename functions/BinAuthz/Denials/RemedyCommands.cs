using System.Text.RegularExpressions;
using BinAuthz.Attestations;
using BinAuthz.Images;
using BinAuthz.Keys;
using BinAuthz.Setup;

namespace BinAuthz.Denials;

/// <summary>The commands that mend a denial. Each can be pasted as it is; empty where none does.</summary>
internal static partial class RemedyCommands
{
    private static readonly string DefaultLocation = new BinAuthzOptions().Location;

    /// <summary>Has an image weighed and attested.</summary>
    public static string Sign(ImageReference image, Attestor attestor) => ShellCommand.Of(["binauthz", "sign", image.ToString(), .. KeyOptions(attestor)]);

    /// <summary>Tells what every rule of the approval policy says.</summary>
    public static string Explain(ImageReference image, Attestor attestor) => ShellCommand.Of(["binauthz", "approval", "explain", image.ToString(), .. KeyOptions(attestor)]);

    /// <summary>Makes an attestor, or gives it the key that it lacks.</summary>
    /// <returns>Empty: its name does not tell the environment.</returns>
    public static string SetUp(AttestorName attestor)
    {
        if (EnvironmentIsolation.Owner(attestor.Id) is not { } owner)
        {
            return "";
        }

        string[] further = DeploymentEnvironment.Parse(owner).Attestor(attestor.Project) == attestor ? [] : ["--attestor", attestor.Id];
        return ShellCommand.Of(["binauthz", "setup", attestor.Project, owner, .. further]);
    }

    /// <summary>Tells where the rotation of an attestor's key stands.</summary>
    /// <returns>Empty: its name does not tell the environment.</returns>
    public static string RotationStatus(AttestorName attestor)
    {
        if (EnvironmentIsolation.Owner(attestor.Id) is not { } owner)
        {
            return "";
        }

        string[] further = DeploymentEnvironment.Parse(owner).Attestor(attestor.Project) == attestor ? [] : [$"--attestor={attestor.Id}"];
        return ShellCommand.Of(["binauthz", "rotate", "status", $"--project={attestor.Project}", $"--environment={owner}", .. further]);
    }

    /// <summary>Lists the digests that a repository has.</summary>
    public static string ListDigests(string imageName) => ShellCommand.Of("gcloud", "artifacts", "docker", "images", "list", imageName, "--include-tags");

    /// <summary>Saves the policy of a project for editing.</summary>
    public static string ExportPolicy(string project) =>
        ShellCommand.Of("gcloud", "container", "binauthz", "policy", "export", $"--project={project}") is { Length: > 0 } export ? $"{export} > policy.yaml" : "";

    /// <summary>Shows the pods of a namespace.</summary>
    public static string ListPods(Finding finding) =>
        IsName(finding.Namespace) ? ShellCommand.Of("kubectl", "get", "pods", $"--namespace={finding.Namespace}", "--output=wide") : "";

    /// <summary>Tells which pods of a namespace run although the policy would not admit them.</summary>
    public static string CheckPods(Finding finding) => IsName(finding.Namespace)
        ? ShellCommand.Pipe(
            ShellCommand.Of("kubectl", "get", "pods", $"--namespace={finding.Namespace}", "--output=yaml"),
            ShellCommand.Of(["binauthz", "check", "--file", "-", $"--project={finding.Source.Project}", .. finding.Source.Place.Length > 0 ? [$"--cluster={finding.Source.Place}"] : Array.Empty<string>()]))
        : "";

    /// <summary>Puts the digest into what owns the pods, in the place of the tag.</summary>
    public static string Pin(Finding finding, ImageReference pinned)
    {
        if (finding.Source.Platform == FindingPlatform.CloudRun)
        {
            return finding.Source.Place.Split('.', 2) is [var region, var service] && IsName(service)
                ? ShellCommand.Of("gcloud", "run", finding.Workload.StartsWith("Job/", StringComparison.Ordinal) ? "jobs" : "services", "update", service, $"--image={pinned}", $"--region={region}", $"--project={finding.Source.Project}")
                : "";
        }

        // What has no grammar of its own could change what sed does.
        return TaggedImage.TryParse(finding.Image, out _) && IsName(finding.Namespace)
            ? ShellCommand.Pipe(
                GetOwner(finding),
                ShellCommand.Of("sed", $"s|\"image\": \"{finding.Image!.Replace(".", "[.]", StringComparison.Ordinal)}\"|\"image\": \"{pinned}\"|"),
                ShellCommand.Of("kubectl", "replace", "--filename=-"))
            : "";
    }

    private static string GetOwner(Finding finding)
    {
        var @namespace = $"--namespace={finding.Namespace}";
        return finding.Workload.Split('/') is [var kind, var name] && IsName(name)
            ? kind switch
            {
                "Deployment" or "StatefulSet" or "DaemonSet" or "CronJob" => ShellCommand.Of("kubectl", "get", $"{kind.ToLowerInvariant()}/{name}", @namespace, "--output=json"),
                // Its Deployment would undo a change, and the log does not name that.
                "ReplicaSet" => $"kubectl get \"$({ShellCommand.Of("kubectl", "get", $"replicaset/{name}", @namespace, "--output=jsonpath={.metadata.ownerReferences[0].kind}/{.metadata.ownerReferences[0].name}")})\" {ShellCommand.Of(@namespace, "--output=json")}",
                _ => "",
            }
            : "";
    }

    // Keys of the environment's key ring are found by the approval policy or by default, in the default location.
    private static string[] KeyOptions(Attestor attestor)
    {
        var key = attestor.Keys.Select(listed => KeyVersionName.TryParsePublicKeyId(listed.Id, out var version) ? version.Key : null).LastOrDefault(each => each is not null);
        return key is null ? []
            : EnvironmentIsolation.Owner(attestor.Name.Id) is not { } owner || key.KeyRing != DeploymentEnvironment.Parse(owner).Key(key.Project, key.Location).KeyRing || key.Project != attestor.Name.Project ? ["--key", key.ToString()]
            : key.Location == DefaultLocation ? []
            : ["--location", key.Location];
    }

    private static bool IsName(string text) => Name().IsMatch(text);

    // docs: kubernetes.io/docs/concepts/overview/working-with-objects/names
    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\z")]
    private static partial Regex Name();
}
