using System.Text.Json;
using BinAuthz.Approval.Pushes;
using BinAuthz.Denials;

namespace BinAuthz.Auditing.Facts;

/// <summary>
/// The Data Access log of Container Analysis (docs: artifact-analysis/docs/artifact-analysis-audit-logging). No complete entry of
/// Google's is published: what is missing in one is not taken for harmless.
/// </summary>
internal static class AttestationLog
{
    private static readonly string[] Methods = ["CreateOccurrence", "BatchCreateOccurrences", "UpdateOccurrence"];

    /// <summary>The query for calls of others than some.</summary>
    /// <param name="signers">E-mail addresses of those whose calls are expected.</param>
    public static string Filter(IEnumerable<string> signers)
    {
        string[] expected = [.. signers.Where(signer => signer.IndexOfAny(['"', '\\']) < 0).Select(signer => $"\"{signer}\"")];
        var others = expected.Length == 0 ? "" : $"\nNOT protoPayload.authenticationInfo.principalEmail=({string.Join(" OR ", expected)})";
        return $"""
            logName:"cloudaudit.googleapis.com%2Fdata_access"
            protoPayload.serviceName="{TrustChangeReader.ContainerAnalysis}"
            protoPayload.methodName=~"(^|[.])({string.Join('|', Methods)})$"
            NOT protoPayload.status.code>0{others}
            """;
    }

    /// <summary>Reads an entry.</summary>
    /// <returns>Null: it is about no attestation.</returns>
    /// <exception cref="FormatException">It cannot be read.</exception>
    public static AttestationCall? Read(byte[] json)
    {
        using var document = Parse(json);
        var entry = document.RootElement;
        var payload = entry.Member("protoPayload");
        var method = payload.Text("methodName")[(payload.Text("methodName").LastIndexOf('.') + 1)..];
        if (!Methods.Contains(method) || payload.Member("status").HasFailed())
        {
            return null;
        }

        var request = payload.Member("request");
        JsonElement[] occurrences = [.. request.Items("occurrences").Append(request.Member("occurrence")).Where(each => each.ValueKind == JsonValueKind.Object)];
        return occurrences.Length > 0 && Array.TrueForAll(occurrences, IsSomethingElse)
            ? null
            : new AttestationCall(
                $"{entry.Text("logName")}/{entry.Text("insertId")}",
                entry.Time()?.ToUniversalTime() ?? DateTimeOffset.UnixEpoch,
                LoggedText.Cut(payload.Member("authenticationInfo").Text("principalEmail"), LoggedText.MaximumName),
                method,
                Texts(occurrences, "noteName"),
                Texts(occurrences, "resourceUri"));
    }

    // The kind is only for output, so that it may be missing.
    private static bool IsSomethingElse(JsonElement occurrence) =>
        occurrence.Text("kind") is not ("" or "ATTESTATION") || Array.Exists(OtherKinds, kind => occurrence.Member(kind).ValueKind == JsonValueKind.Object);

    private static readonly string[] OtherKinds = ["vulnerability", "build", "image", "package", "deployment", "discovered", "upgrade", "compliance", "dsseAttestation", "sbomReference"];

    private static string[] Texts(IEnumerable<JsonElement> occurrences, string field) =>
        [.. occurrences.Select(each => LoggedText.Cut(each.Text(field), LoggedText.MaximumName)).Where(text => text.Length > 0).Distinct(StringComparer.Ordinal)];

    private static JsonDocument Parse(byte[] json)
    {
        try
        {
            return JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = LogEntryReader.MaximumDepth });
        }
        catch (JsonException error)
        {
            throw new FormatException($"The log entry is no JSON: {error.Message}", error);
        }
    }
}
