namespace BinAuthz.GoogleCloud;

/// <summary>A role that members have on a resource.</summary>
/// <param name="Role">Such as <c>roles/cloudkms.signer</c> or <c>projects/P/roles/ID</c>.</param>
/// <param name="Members">Such as <c>user:ann@acme.com</c>.</param>
internal sealed record IamBinding(string Role, IReadOnlyList<string> Members)
{
    /// <summary>The CEL expression under which alone they have it; empty: always.</summary>
    public string Condition { get; init; } = "";
}
