namespace BinAuthz.Auditing.Rules;

/// <summary>A role that a member has on a resource.</summary>
/// <param name="Role">Such as <c>roles/cloudkms.signer</c>.</param>
/// <param name="Condition">The CEL expression under which alone he has it; empty: always. It is not evaluated: what it allows depends on the request.</param>
/// <param name="Permissions">What it holds; null: that is not known here.</param>
internal sealed record HeldRole(string Role, string Condition, IReadOnlySet<string>? Permissions);
