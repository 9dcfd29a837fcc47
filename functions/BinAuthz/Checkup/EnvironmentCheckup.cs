using BinAuthz.Checkup.Checks;
using BinAuthz.Checkup.Facts;

namespace BinAuthz.Checkup;

/// <summary>
/// Looks for what keeps an environment from working: first everything is read, side by side, then the checks judge it. Nothing is
/// changed, and nothing is signed.
/// </summary>
internal sealed class EnvironmentCheckup(PolicyReader policies, AttestorReader attestors, ProjectReader projects, GrantReader grants, ImageReader images, TimeProvider time)
{
    /// <summary>Reads and judges.</summary>
    /// <exception cref="FormatException">The image that was asked for is none.</exception>
    public async Task<IReadOnlyList<CheckResult>> RunAsync(CheckupRequest request, CancellationToken cancellationToken) =>
        Judge(await ReadAsync(request, cancellationToken).ConfigureAwait(false));

    /// <summary>All checks, in the order of the path from the policy to the alert.</summary>
    public static IReadOnlyList<CheckResult> Judge(CheckupFacts facts)
    {
        var request = facts.Request;
        return
        [
            .. PolicyChecks.Judge(request, facts.Policies),
            .. ClusterChecks.Judge(request, facts.Project),
            .. SystemImageChecks.Judge(request, facts.Policies),
            .. facts.Attestors.SelectMany(attestor => AttestorChecks.Judge(request, attestor)
                .Concat(TrustedKeyChecks.Judge(attestor))
                .Concat(SigningKeyChecks.Judge(request, attestor, facts.Now))
                .Concat(request.AsksPermissions ? attestor.Permissions.SelectMany(held => PermissionChecks.Judge(request, held)) : [])),
            .. EvidenceChecks.Judge(request, facts.Project),
            .. EventChecks.Judge(request, facts.Project),
            .. LogChecks.Judge(request, facts.Project),
            .. GrantChecks.Judge(request, facts.Grants),
            .. facts.Image is { } image ? ImageChecks.Judge(request, facts.Policies, image) : [],
        ];
    }

    private async Task<CheckupFacts> ReadAsync(CheckupRequest request, CancellationToken cancellationToken)
    {
        using var reader = new FactReader(request.Project);
        var policiesRead = policies.ReadAsync(reader, request, cancellationToken);
        var attestorsRead = Task.WhenAll(request.Attestors.Select(attestor => attestors.ReadAsync(reader, attestor, cancellationToken)));
        var projectRead = projects.ReadAsync(reader, request, cancellationToken);
        var grantsRead = grants.ReadAsync(reader, request, cancellationToken);
        await Task.WhenAll(policiesRead, attestorsRead, projectRead, grantsRead).ConfigureAwait(false);
        var policy = await policiesRead.ConfigureAwait(false);
        var image = request.Image is { } text ? await images.ReadAsync(reader, request, text, policy, cancellationToken).ConfigureAwait(false) : null;
        return new CheckupFacts(request, policy, await attestorsRead.ConfigureAwait(false), await projectRead.ConfigureAwait(false), await grantsRead.ConfigureAwait(false), image, time.GetUtcNow());
    }
}
