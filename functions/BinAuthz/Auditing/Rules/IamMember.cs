using System.Text.RegularExpressions;
using BinAuthz.Auditing.Facts;

namespace BinAuthz.Auditing.Rules;

/// <summary>What a member of an IAM policy is, by its prefix (docs: iam/docs/principal-identifiers).</summary>
internal static partial class IamMember
{
    /// <summary>Whether it stands for everybody.</summary>
    public static bool IsPublic(string member) => member is "allUsers" or "allAuthenticatedUsers";

    /// <summary>Whether whom it names was deleted; he has the role again if he is restored, which is possible for 30 days.</summary>
    public static bool IsDeleted(string member) => member.StartsWith("deleted:", StringComparison.Ordinal);

    /// <summary>Whether it is an identity of Google's own services in a role that is made for such, or needed by it (docs: iam/docs/service-agents, pubsub/docs/authenticate-push-subscriptions).</summary>
    public static bool IsServiceAgentIn(string member, string role) => ServiceAgent().IsMatch(member)
        && (PredefinedRoles.IsForServiceAgents(role) || (member.EndsWith("@gcp-sa-pubsub.iam.gserviceaccount.com", StringComparison.Ordinal) && role == "roles/iam.serviceAccountTokenCreator"));

    /// <summary>What it is, in words; empty: one person or program, which its name tells.</summary>
    public static string Describe(string member) => member switch
    {
        "allUsers" => "everybody on the internet",
        "allAuthenticatedUsers" => "everybody who has a Google account",
        _ when IsDeleted(member) => "deleted, and in the role again if restored within 30 days",
        _ => member[..Math.Max(member.IndexOf(':', StringComparison.Ordinal), 0)] switch
        {
            "group" => "everybody in the group",
            "domain" => "everybody in the domain",
            "principalSet" => "every identity of the set",
            "projectOwner" => "everybody who has the basic role Owner of the project",
            "projectEditor" => "everybody who has the basic role Editor of the project",
            "projectViewer" => "everybody who has the basic role Viewer of the project",
            _ => "",
        },
    };

    /// <summary>How bad it is that this member can do what another kind of member should not.</summary>
    public static AuditSeverity Weigh(string member, AuditSeverity severity) =>
        IsPublic(member) ? AuditSeverity.Critical : IsDeleted(member) ? AuditSeverity.Low : severity;

    [GeneratedRegex(@"\AserviceAccount:service-[0-9]+@(gcp-sa-[a-z0-9-]+|container-engine-robot|serverless-robot-prod|compute-system|containerregistry|gs-project-accounts)\.iam\.gserviceaccount\.com\z")]
    private static partial Regex ServiceAgent();
}
