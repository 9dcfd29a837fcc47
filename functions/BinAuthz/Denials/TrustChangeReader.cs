using System.Text.Json;
using BinAuthz.Approval.Pushes;

namespace BinAuthz.Denials;

/// <summary>
/// Reads admin audit entries of what trust rests on: policies, attestors, key versions, and who may act on them (docs:
/// binary-authorization/docs/audit-logging, kms/docs/audit-logging, artifact-analysis/docs/artifact-analysis-audit-logging).
/// Versions of an API differ in what stands before the method's name, which is not looked at. Only what succeeded counts.
/// </summary>
internal static class TrustChangeReader
{
    public const string BinaryAuthorization = "binaryauthorization.googleapis.com";
    public const string KeyManagement = "cloudkms.googleapis.com";
    public const string ContainerAnalysis = "containeranalysis.googleapis.com";

    /// <summary>Reads an entry of one of these services.</summary>
    public static LogReading Read(LoggedEntry entry)
    {
        var method = entry.Method[(entry.Method.LastIndexOf('.') + 1)..];
        var resource = Resource(entry, method);
        if (KindOf(entry, method, resource) is not { } kind)
        {
            return LogReading.None($"'{LoggedText.Cut(entry.Method, LoggedText.MaximumName)}' changes nothing that is trusted");
        }

        if (entry.HasFailed)
        {
            return LogReading.None($"'{method}' failed and changed nothing");
        }

        var request = entry.Request;
        var said = request.ValueKind == JsonValueKind.Undefined ? method : request.GetRawText();
        return LogReading.Of(new Finding(FindingKind.TrustChange, entry.Source(FindingPlatform.Administration, null), null, LoggedText.Cut(said, LoggedText.MaximumMessage))
        {
            Principal = entry.Principal,
            Change = new TrustChange(kind, resource, method),
        });
    }

    private static TrustChangeKind? KindOf(LoggedEntry entry, string method, string resource) => (entry.Service, method) switch
    {
        (BinaryAuthorization, "UpdatePolicy" or "CreatePlatformPolicy" or "ReplacePlatformPolicy" or "DeletePlatformPolicy") => TrustChangeKind.Policy,
        (BinaryAuthorization, "CreateAttestor" or "UpdateAttestor") => TrustChangeKind.Attestor,
        (BinaryAuthorization, "DeleteAttestor") => TrustChangeKind.AttestorDeleted,
        (BinaryAuthorization, "SetIamPolicy") => TrustChangeKind.Access,
        (ContainerAnalysis, "SetIamPolicy") when resource.Split('/') is [.., "notes", _] => TrustChangeKind.Access,
        (KeyManagement, "SetIamPolicy") when resource.Split('/') is [.., "keyRings", _] or [.., "cryptoKeys", _] => TrustChangeKind.Access,
        (KeyManagement, "DestroyCryptoKeyVersion") => TrustChangeKind.KeyDestroyed,
        (KeyManagement, "RestoreCryptoKeyVersion") => TrustChangeKind.KeyRestored,
        (KeyManagement, "UpdateCryptoKeyVersion") => StateOf(entry) switch
        {
            "DISABLED" => TrustChangeKind.KeyDisabled,
            "ENABLED" => TrustChangeKind.KeyEnabled,
            _ => null,
        },
        _ => null,
    };

    // To disable and to enable are one method; an update of another field has no state in its request.
    private static string StateOf(LoggedEntry entry) => entry.Request.Member("cryptoKeyVersion").Text("state");

    // What is created is named by its parent and an id.
    private static string Resource(LoggedEntry entry, string method)
    {
        var name = entry.Payload.Text("resourceName") is { Length: > 0 } audited ? audited : entry.Request.Text("resource");
        var (collection, id) = method switch
        {
            "CreateAttestor" => ("attestors", entry.Request.Text("attestorId")),
            "CreatePlatformPolicy" => ("policies", entry.Request.Text("policyId")),
            _ => ("", ""),
        };
        var resource = id.Length > 0 && !name.Contains($"/{collection}/", StringComparison.Ordinal) ? $"{name}/{collection}/{id}" : name;
        return LoggedText.Cut(resource, LoggedText.MaximumName);
    }
}
