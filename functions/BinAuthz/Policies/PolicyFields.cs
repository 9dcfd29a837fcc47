using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Google.Protobuf.WellKnownTypes;
using Authz = Google.Cloud.BinaryAuthorization.V1;

namespace BinAuthz.Policies;

/// <summary>The fields of a policy in the order in which gcloud prints them; what is empty is left out.</summary>
internal static partial class PolicyFields
{
    private const int NanosecondDigits = 9;

    /// <summary>The document's fields.</summary>
    public static JsonObject Write(Authz.Policy policy)
    {
        var fields = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal)
        {
            ["admissionWhitelistPatterns"] = policy.AdmissionWhitelistPatterns.Count == 0
                ? null
                : new JsonArray([.. policy.AdmissionWhitelistPatterns.Select(pattern => new JsonObject { ["namePattern"] = pattern.NamePattern })]),
            ["defaultAdmissionRule"] = policy.DefaultAdmissionRule is { } rule ? Rule(rule) : null,
            ["description"] = Text(policy.Description),
            ["etag"] = Text(policy.Etag),
            ["globalPolicyEvaluationMode"] = PolicyWords.Of(PolicyWords.GlobalEvaluations, policy.GlobalPolicyEvaluationMode),
            ["name"] = Text(policy.Name),
            ["updateTime"] = policy.UpdateTime is { } time ? Time(time) : null,
        };
        foreach (var map in RuleMap.All)
        {
            var rules = map.Rules(policy).OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => KeyValuePair.Create(each.Key, (JsonNode?)Rule(each.Value)));
            fields[map.Field] = map.Rules(policy).Count == 0 ? null : new JsonObject(rules);
        }

        return new JsonObject(fields.Where(field => field.Value is not null));
    }

    /// <summary>Reads a time such as <c>2026-09-30T22:00:00.123456Z</c>; null when it is none.</summary>
    public static Timestamp? Time(string text)
    {
        var match = Rfc3339().Match(text);
        if (!match.Success || !DateTimeOffset.TryParseExact(match.Groups[1].Value, "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var second))
        {
            return null;
        }

        var nanos = int.Parse(match.Groups[2].Value.PadRight(NanosecondDigits, '0'), NumberStyles.None, CultureInfo.InvariantCulture);
        return new Timestamp { Seconds = second.ToUnixTimeSeconds(), Nanos = nanos };
    }

    private static JsonObject Rule(Authz.AdmissionRule rule)
    {
        var fields = new JsonObject();
        if (PolicyWords.Of(PolicyWords.Enforcements, rule.EnforcementMode) is { } enforcement)
        {
            fields["enforcementMode"] = enforcement;
        }

        if (PolicyWords.Of(PolicyWords.Evaluations, rule.EvaluationMode) is { } evaluation)
        {
            fields["evaluationMode"] = evaluation;
        }

        if (rule.RequireAttestationsBy.Count > 0)
        {
            fields["requireAttestationsBy"] = new JsonArray([.. rule.RequireAttestationsBy.Select(attestor => JsonValue.Create(attestor))]);
        }

        return fields;
    }

    private static JsonNode? Text(string text) => text.Length == 0 ? null : text;

    // As protobuf's JSON has it: no fraction, or 3, 6 or 9 digits.
    private static string Time(Timestamp time)
    {
        var second = DateTimeOffset.FromUnixTimeSeconds(time.Seconds).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        var digits = time.Nanos.ToString("D9", CultureInfo.InvariantCulture);
        var fraction = time.Nanos == 0 ? "" : digits.EndsWith("000000", StringComparison.Ordinal) ? digits[..3] : digits.EndsWith("000", StringComparison.Ordinal) ? digits[..6] : digits;
        return $"{second}{(fraction.Length == 0 ? "" : ".")}{fraction}Z";
    }

    [GeneratedRegex(@"\A([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?Z\z")]
    private static partial Regex Rfc3339();
}
