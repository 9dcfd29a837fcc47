using BinAuthz.Emulator.Hosting;
using Google.Cloud.Audit;

namespace BinAuthz.Emulator.Logging;

/// <summary>Who called, as audit logs name them.</summary>
internal static class AuditCaller
{
    /// <summary>A principal; service accounts are told from users by their address.</summary>
    public static AuthenticationInfo Of(string principal) => new()
    {
        PrincipalEmail = principal,
        PrincipalSubject = principal == Principal.Anonymous
            ? ""
            : $"{(principal.EndsWith(".gserviceaccount.com", StringComparison.Ordinal) ? "serviceAccount" : "user")}:{principal}",
    };
}
