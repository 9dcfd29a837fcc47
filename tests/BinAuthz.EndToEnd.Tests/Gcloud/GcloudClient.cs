using System.Globalization;

namespace BinAuthz.EndToEnd.Tests.Gcloud;

/// <summary>gcloud with a configuration of its own, pointed at an emulator.</summary>
internal sealed class GcloudClient
{
    // Each process takes about a second of CPU: more at once than cores gain nothing.
    private static readonly SemaphoreSlim Gate = new(2, 2);

    private static readonly string[] Services =
    [
        "artifactregistry", "binaryauthorization", "cloudkms", "cloudresourcemanager", "containeranalysis", "iam", "iamcredentials",
        "logging", "ondemandscanning", "pubsub", "secretmanager", "serviceusage", "storage",
    ];

    private readonly string program = ExternalTool.Require("gcloud");
    private readonly string folder;
    private readonly Dictionary<string, string> environment;

    public GcloudClient(GcloudMode mode, Uri endpoint, string project, string folder)
    {
        this.folder = folder;
        environment = new()
        {
            ["CLOUDSDK_CONFIG"] = Directory.CreateDirectory(Path.Combine(folder, ".gcloud")).FullName,
            ["HOME"] = folder,
            ["LANG"] = "C.UTF-8",
            ["CLOUDSDK_CORE_PROJECT"] = project,
            ["CLOUDSDK_AUTH_DISABLE_CREDENTIALS"] = "true",
            ["CLOUDSDK_CORE_DISABLE_PROMPTS"] = "1",
            ["CLOUDSDK_CORE_DISABLE_USAGE_REPORTING"] = "true",
            ["CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK"] = "true",
            ["CLOUDSDK_SURVEY_DISABLE_PROMPTS"] = "true",
            ["CLOUDSDK_CORE_CHECK_GCE_METADATA"] = "false",
            ["CLOUDSDK_CORE_DISABLE_FILE_LOGGING"] = "true",
        };
        foreach (var service in Services)
        {
            environment[$"CLOUDSDK_API_ENDPOINT_OVERRIDES_{service.ToUpperInvariant()}"] =
                mode == GcloudMode.Proxy ? $"http://{service}.googleapis.com/" : $"http://{endpoint.Authority}/";
        }

        if (mode == GcloudMode.Proxy)
        {
            environment["CLOUDSDK_PROXY_TYPE"] = "http";
            environment["CLOUDSDK_PROXY_ADDRESS"] = endpoint.Host;
            environment["CLOUDSDK_PROXY_PORT"] = endpoint.Port.ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Runs <c>gcloud</c> with <paramref name="arguments"/>.</summary>
    /// <param name="arguments">What follows the program's name.</param>
    /// <param name="changes">Variables that differ for this run; an empty value takes the variable away.</param>
    /// <param name="input">Standard input.</param>
    /// <param name="cancellationToken">Kills it.</param>
    public async Task<ExternalProcess.Ended> RunAsync(
        IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> changes, string input, CancellationToken cancellationToken)
    {
        var variables = new Dictionary<string, string>(environment);
        foreach (var (name, value) in changes)
        {
            variables.Remove(name);
            if (value.Length > 0)
            {
                variables[name] = value;
            }
        }

        var process = new ExternalProcess { Program = program, Arguments = arguments, WorkingDirectory = folder, Environment = variables, Input = input };
        await Gate.WaitAsync(cancellationToken);
        try
        {
            return await process.RunAsync(cancellationToken);
        }
        finally
        {
            Gate.Release();
        }
    }
}
