using System.CommandLine;

namespace BinAuthz.Cli.Commands;

/// <summary>One cluster, as policies name it.</summary>
internal sealed class ClusterOption : Option<string?>
{
    public ClusterOption(string description)
        : base("--cluster")
    {
        Description = description;
        HelpName = "location.name";
        Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var value }] && value.IndexOf('.', StringComparison.Ordinal) is var dot && (dot < 1 || dot == value.Length - 1))
            {
                result.AddError($"--cluster '{value}' is no cluster: write LOCATION.NAME, such as us-central1.acme-prod-gke.");
            }
        });
    }
}
