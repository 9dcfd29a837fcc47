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

    /// <summary>The key that signs this environment's audit reports. No attestor trusts it.</summary>
    public Keys.KeyName AuditKey(string project, string location) => Keys.KeyName.Parse($"projects/{project}/locations/{location}/keyRings/{Name}-binauthz/cryptoKeys/audit-key");

    /// <summary>The attestor of this environment.</summary>
    public Attestations.AttestorName Attestor(string project) => Attestations.AttestorName.Parse($"projects/{project}/attestors/{Name}-attestor");

    /// <summary>The note under which its attestations are stored.</summary>
    public Attestations.NoteName Note(string project) => Attestations.NoteName.Parse($"projects/{project}/notes/{Name}-note");

    /// <summary>The names of this environment's own attestor, note and key.</summary>
    public AttestorSetup Attestor(string project, string location) => new(Attestor(project), Note(project), Key(project, location));

    /// <summary>The names of a further attestor of this environment, for images that several vouch for.</summary>
    /// <param name="project">The project id.</param>
    /// <param name="location">The Cloud KMS location.</param>
    /// <param name="id">Of the attestor; its note is <c>ID-note</c>, its key <c>ID-key</c> in the environment's key ring.</param>
    /// <exception cref="ConfigurationException">It is no id, or another environment's.</exception>
    public AttestorSetup FurtherAttestor(string project, string location, string id)
    {
        if (!Attestations.AttestorName.TryParse($"projects/{project}/attestors/{id}", out var attestor)
            || !Attestations.NoteName.TryParse($"projects/{project}/notes/{id}-note", out var note)
            || !Keys.KeyName.TryParse($"projects/{project}/locations/{location}/keyRings/{Name}-binauthz/cryptoKeys/{id}-key", out var key))
        {
            throw new ConfigurationException([$"'{id}' is not an attestor id. Write letters, digits, dashes and underscores, such as {Name}-built."]);
        }

        return EnvironmentIsolation.Owner(id) is { } owner && owner != Name
            ? throw new ConfigurationException([$"An attestor '{id}' would be taken for one of {owner}. Let its id begin with {Name}- or with no environment."])
            : new AttestorSetup(attestor, note, key);
    }

    public override string ToString() => Name;
}
