namespace BinAuthz.Setup;

/// <summary>The three environments and the names of what each has.</summary>
/// <param name="Name">As it is written in names, such as <c>production</c>.</param>
internal sealed record DeploymentEnvironment(string Name)
{
    /// <summary>Unsigned images are blocked.</summary>
    public static readonly DeploymentEnvironment Production = new("production");

    /// <summary>Unsigned images run, and the audit log says that they would be blocked (dry run).</summary>
    public static readonly DeploymentEnvironment Staging = new("staging");

    /// <summary>Everything runs.</summary>
    public static readonly DeploymentEnvironment Development = new("development");

    /// <summary>Reads a name.</summary>
    /// <exception cref="FormatException">It is none of the three.</exception>
    public static DeploymentEnvironment Parse(string name) => name switch
    {
        "production" => Production,
        "staging" => Staging,
        "development" => Development,
        _ => throw new FormatException($"'{name}' is no environment: write production, staging or development."),
    };

    /// <summary>The signing key of this environment.</summary>
    public Keys.KeyName Key(string project, string location) => Keys.KeyName.Parse($"projects/{project}/locations/{location}/keyRings/{Name}-binauthz/cryptoKeys/attestor-key");

    /// <summary>The attestor of this environment.</summary>
    public Attestations.AttestorName Attestor(string project) => Attestations.AttestorName.Parse($"projects/{project}/attestors/{Name}-attestor");

    /// <summary>The note under which its attestations are stored.</summary>
    public Attestations.NoteName Note(string project) => Attestations.NoteName.Parse($"projects/{project}/notes/{Name}-note");

    public override string ToString() => Name;
}
