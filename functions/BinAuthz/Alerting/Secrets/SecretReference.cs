using BinAuthz.GoogleCloud;

namespace BinAuthz.Alerting.Secrets;

/// <summary>Where a secret is; never the secret itself.</summary>
internal abstract record SecretReference
{
    private SecretReference()
    {
    }

    /// <summary>In Secret Manager.</summary>
    /// <param name="Version">The version.</param>
    internal sealed record Managed(SecretVersionName Version) : SecretReference
    {
        public override string ToString() => Version.ToString();
    }

    /// <summary>In an environment variable.</summary>
    /// <param name="Name">Its name.</param>
    internal sealed record Variable(string Name) : SecretReference
    {
        public override string ToString() => $"${Name}";
    }
}
