namespace BinAuthz.Auditing;

/// <summary>Who is expected to do what, as IAM members: what the options say, or the identities by their names.</summary>
internal sealed class ExpectedMembers(AuditRequest request)
{
    private const string Account = "serviceAccount:";

    /// <summary>Who may sign and attach.</summary>
    public IReadOnlySet<string> Signers { get; } = Of(request.Options.Signers, request, "signer");

    /// <summary>Who may change key versions and what attestors trust.</summary>
    public IReadOnlySet<string> Rotators { get; } = Of(request.Options.Rotators, request, "rotator");

    /// <summary>Who audits.</summary>
    public IReadOnlySet<string> Auditors { get; } = Of(request.Options.Auditors, request, "auditor");

    /// <summary>Who may change everything but sign.</summary>
    public IReadOnlySet<string> Administrators { get; } = request.Options.Administrators.ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The e-mail addresses of the service accounts that sign: whoever may act as one signs with its permissions.</summary>
    public IEnumerable<string> SigningAccounts => Signers.Where(member => member.StartsWith(Account, StringComparison.OrdinalIgnoreCase)).Select(member => member[Account.Length..]);

    /// <summary>Whether a caller, as audit logs name him, is one of some members. Who is in a group is not known.</summary>
    /// <param name="principal">An e-mail address.</param>
    /// <param name="members">IAM members.</param>
    public static bool Names(string principal, IReadOnlySet<string> members) =>
        principal.Length > 0 && (members.Contains(Account + principal) || members.Contains($"user:{principal}"));

    private static HashSet<string> Of(IEnumerable<string> named, AuditRequest request, string identity)
    {
        var members = named.ToHashSet(StringComparer.OrdinalIgnoreCase);
        return members.Count > 0 ? members : new HashSet<string>(StringComparer.OrdinalIgnoreCase) { $"{Account}{request.Environment.Name}-{identity}@{request.Project}.iam.gserviceaccount.com" };
    }
}
