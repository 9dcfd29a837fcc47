using BinAuthz.Approval;
using BinAuthz.Attestations;
using BinAuthz.Keys;
using BinAuthz.Setup;

namespace BinAuthz.Signing;

/// <summary>For whom a process signs.</summary>
/// <param name="Environment">The approval policy's.</param>
/// <param name="Attestor">The attestor, from the approval policy.</param>
/// <param name="Key">The signing key.</param>
internal sealed record SigningIdentity(string Environment, AttestorName Attestor, KeyName Key)
{
    /// <summary>The identity that an attestor's policy and the options give.</summary>
    /// <exception cref="ConfigurationException">The key is another environment's.</exception>
    public static SigningIdentity From(string environment, AttestorPolicy policy, BinAuthzOptions options)
    {
        var key = policy.Key ?? (options.Key is { } named ? KeyName.Parse(named) : DeploymentEnvironment.Parse(environment).Key(policy.Attestor.Project, options.Location));
        return EnvironmentIsolation.Owner(key.KeyRing) is { } owner && owner != environment
            ? throw new ConfigurationException([$"{key} belongs to the environment {owner}, and the approval policy is {environment}'s. Name a key of {environment} in {BinAuthzOptions.Section}:{nameof(BinAuthzOptions.Key)}, or leave it out."])
            : new SigningIdentity(environment, policy.Attestor, key);
    }
}
