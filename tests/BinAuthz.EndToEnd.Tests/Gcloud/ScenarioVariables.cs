using System.Text.RegularExpressions;

namespace BinAuthz.EndToEnd.Tests.Gcloud;

/// <summary>The names that stand in braces in a scenario, and the groups of flags that begin with a dollar.</summary>
internal sealed partial class ScenarioVariables
{
    private readonly Dictionary<string, string> values;

    public ScenarioVariables(GcloudMode mode, Uri endpoint, string project)
    {
        var ring = $"projects/{project}/locations/us-central1/keyRings/production-binauthz";
        var key = $"{ring}/cryptoKeys/attestor-key";
        values = new()
        {
            ["HOST"] = endpoint.Authority,
            ["PORT"] = $"{endpoint.Port}",
            ["PROJECT"] = project,
            ["P"] = $"projects/{project}",
            ["KR"] = ring,
            ["K"] = key,
            ["KEYID"] = $"//{(mode == GcloudMode.Proxy ? "cloudkms.googleapis.com" : endpoint.Authority)}/v1/{key}/cryptoKeyVersions/1",
            ["AT"] = $"projects/{project}/attestors/production-attestor",
            ["NOTE"] = $"projects/{project}/notes/production-note",
            ["R"] = $"projects/{project}/locations/us-central1/repositories/app",
            ["REPO"] = $"us-central1-docker.pkg.dev/{project}/app",
            ["IMG"] = $"us-central1-docker.pkg.dev/{project}/app/server",
            ["DIGEST"] = TestImage.Digest,
            ["$KR"] = "--location=us-central1 --keyring=production-binauthz",
            ["$KV"] = $"--keyversion-project={project} --keyversion-location=us-central1 --keyversion-keyring=production-binauthz --keyversion-key=attestor-key --keyversion=1",
            ["$A"] = $"--attestor=production-attestor --attestor-project={project}",
        };
    }

    public string this[string name]
    {
        set => values[name] = value;
    }

    /// <summary>Replaces every name that is known; a name in capitals that is not known is a mistake in the scenario.</summary>
    public string Expand(string text) => Name().Replace(text, match => match.Groups[1].Value is { Length: > 0 } name
        ? values.TryGetValue(name, out var value) ? value : throw new FormatException($"{match.Value} is no variable, in: {text}")
        : values[match.Value]);

    [GeneratedRegex(@"\{([A-Z][A-Z0-9_]*)\}|\$K[RV](?![A-Za-z])|\$A(?![A-Za-z])")]
    private static partial Regex Name();
}
