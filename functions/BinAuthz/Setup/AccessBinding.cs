using BinAuthz.GoogleCloud;

namespace BinAuthz.Setup;

/// <summary>A binding that an environment's plan asks for.</summary>
/// <param name="Resource">On what.</param>
/// <param name="Binding">The role, all members that the plan gives it to, and the condition.</param>
/// <param name="Exclusive">Whether nobody else may have the role there.</param>
internal sealed record AccessBinding(IamResource Resource, IamBinding Binding, bool Exclusive);
