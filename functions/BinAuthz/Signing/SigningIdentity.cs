using BinAuthz.Approval;
using BinAuthz.Attestations;
using BinAuthz.Keys;
using BinAuthz.Setup;

namespace BinAuthz.Signing;

/// <summary>For whom a process signs.</summary>
/// <param name="Attestor">The attestor, from the approval policy.</param>
/// <param name="Key">The signing key.</param>
internal sealed record SigningIdentity(AttestorName Attestor, KeyName Key)
{
    /// <summary>The identity that the approval policy and the options give.</summary>
    public static SigningIdentity From(ApprovalPolicy policy, BinAuthzOptions options) => new(
        policy.Attestor,
        options.Key is { } key ? KeyName.Parse(key) : DeploymentEnvironment.Parse(policy.Environment).Key(policy.Attestor.Project, options.Location));
}
