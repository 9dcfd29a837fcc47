using BinAuthz.Attestations;
using BinAuthz.Checkup;
using Authz = Google.Cloud.BinaryAuthorization.V1;

namespace BinAuthz.Auditing.Facts;

/// <summary>What admission is decided by.</summary>
/// <param name="Policy">The project's policy.</param>
/// <param name="Attestors">Whom the policies ask; null inside: there is none of that name.</param>
/// <param name="Clusters">How each cluster evaluates, by <c>LOCATION.NAME</c>: the <c>binaryAuthorization.evaluationMode</c>; null inside: there is no such cluster.</param>
internal sealed record AuditedPolicy(Fact<Authz.Policy> Policy, IReadOnlyDictionary<AttestorName, Fact<Attestor?>> Attestors, Fact<IReadOnlyDictionary<string, string?>> Clusters)
{
    /// <summary>What is decided by in the other projects whose clusters run the images.</summary>
    public IReadOnlyList<ProjectAdmission> Others { get; init; } = [];

    /// <summary>All attestors of the projects that the environment's attestors are in, its own and those of other environments.</summary>
    public Fact<IReadOnlyList<Attestor>> Neighbours { get; init; } =
        new Fact<IReadOnlyList<Attestor>>.Unknown(new Obstacle("The attestors of the project were not read.", "Run it again.", IsTransient: true));

    /// <summary>Every project whose clusters run the images.</summary>
    public IReadOnlyList<ProjectAdmission> Admissions(AuditRequest request) =>
        request.Options.Projects.Count == 0 || request.Options.Projects.Contains(request.Project) ? [new ProjectAdmission(request.Project, Policy, Clusters), .. Others] : Others;
}
