namespace BinAuthz.Setup;

/// <summary>That an identity has a role on something.</summary>
/// <param name="Identity">The name of the identity.</param>
/// <param name="Role">Such as <c>roles/cloudkms.signer</c>, or the id of a custom role.</param>
/// <param name="On">On what.</param>
/// <param name="Below">Of a bucket: the role holds only for objects whose names begin so; empty: for the whole bucket.</param>
/// <param name="Exclusive">Whether nobody else may have the role there.</param>
/// <param name="Permissions">What of the role is used: without any of these the identity cannot do its job.</param>
internal sealed record Grant(string Identity, string Role, GrantTarget On, IReadOnlyList<string> Below, bool Exclusive, IReadOnlyList<string> Permissions);
