using BinAuthz.Attestations;
using BinAuthz.Keys;
using BinAuthz.Setup;

namespace BinAuthz.Cli.Emulation;

/// <summary>What to run on this machine.</summary>
/// <param name="Project">The project id.</param>
/// <param name="Environment">Which environment is set up in it.</param>
/// <param name="ApprovalPath">The approval policy; null: Google's APIs alone.</param>
/// <param name="Location">The Cloud KMS location.</param>
internal sealed record EmulatedEnvironmentRequest(string Project, DeploymentEnvironment Environment, string? ApprovalPath, string Location)
{
    /// <summary>The port for REST; 0 takes a free one.</summary>
    public int RestPort { get; init; }

    /// <summary>The port for gRPC; 0 takes a free one.</summary>
    public int GrpcPort { get; init; }

    /// <summary>Whether the function that alerts runs too, unless bare.</summary>
    public bool Alerting { get; init; }

    /// <summary>Whether the function that rotates keys runs too, unless bare.</summary>
    public bool Rotating { get; init; }

    /// <summary>Whether the function that audits runs too, unless bare.</summary>
    public bool Auditing { get; init; }

    /// <summary>The alert policy; null: one without channels is made.</summary>
    public string? AlertsPath { get; init; }

    /// <summary>Who may do what, if the emulator enforces that and every function runs as its identity; null: everybody may do everything.</summary>
    public AccessPlan? Access { get; init; }

    /// <summary>Keeps the state; null: memory.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>The environment's attestor.</summary>
    public AttestorName Attestor => Environment.Attestor(Project);

    /// <summary>The environment's signing key.</summary>
    public KeyName Key => Environment.Key(Project, Location);
}
