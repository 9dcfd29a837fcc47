namespace BinAuthz.Checkup.Facts;

/// <summary>Everything that the checks look at, read once.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Policies">What admission is decided by.</param>
/// <param name="Attestors">The environment's, in the request's order.</param>
/// <param name="Project">What is around them.</param>
/// <param name="Grants">Who may do what.</param>
/// <param name="Image">Null: none was asked for.</param>
/// <param name="Now">When it was read.</param>
internal sealed record CheckupFacts(CheckupRequest Request, PolicyFacts Policies, IReadOnlyList<AttestorFacts> Attestors, ProjectFacts Project, GrantFacts Grants, ImageFacts? Image, DateTimeOffset Now);
