using BinAuthz.Policies;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf.WellKnownTypes;
using Authz = Google.Cloud.BinaryAuthorization.V1;
using Enforcement = Google.Cloud.BinaryAuthorization.V1.AdmissionRule.Types.EnforcementMode;
using Evaluation = Google.Cloud.BinaryAuthorization.V1.AdmissionRule.Types.EvaluationMode;

namespace BinAuthz.Tests.Policies;

/// <summary>Policies of every shape, with texts that YAML might misread.</summary>
public static class AnyPolicy
{
    private static readonly string[] Texts =
        ["", "plain", "\"etag==\"", "it's", "'", "a: b", "a #b", "# a", "- a", "-", "?", "true", "NULL", "~", "1", "1.5e3", "0x1f", "2026-09-30", "2026-09-30T22:00:00Z", "*", "&a", "!t", "%d", "@a", "`", "{", "a]", " a ", "a:", ":", "two\nlines\n", "\ttab", "\u0007", "ümlaut 😀", "\u2028", "\\n", "<<", "=", ".inf", "...", "--- a"];

    private static readonly string[] Patterns = ["gcr.io/acme/**", "gcr.io/acme/*", "us-docker.pkg.dev/p/r/i:v1.*", "gcr.io/p/i@sha256:aa"];
    private static readonly string[] Keys = ["us-central1.prod", "payments", "123", "payments:deployer", "spiffe://acme/ns/a/sa/b", "null", "it's"];
    private static readonly string[] Attestors = ["projects/p/attestors/a", "projects/p/attestors/b", "projects/q/attestors/c"];

    public static Arbitrary<Authz.AdmissionRule> Rules() =>
        (from evaluation in Gen.Elements(Evaluation.AlwaysAllow, Evaluation.RequireAttestation, Evaluation.AlwaysDeny)
         from enforcement in Gen.Elements(Enforcement.EnforcedBlockAndAuditLog, Enforcement.DryrunAuditLogOnly)
         from attestors in Gen.SubListOf(Attestors)
         select new Authz.AdmissionRule { EvaluationMode = evaluation, EnforcementMode = enforcement, RequireAttestationsBy = { evaluation == Evaluation.RequireAttestation ? attestors : [] } }).ToArbitrary();

    public static Arbitrary<Authz.Policy> Policies() =>
        (from description in Gen.Elements(Texts)
         from etag in Gen.Elements(Texts)
         from global in Gen.Choose(0, 2)
         from patterns in Gen.SubListOf(Patterns)
         from rule in Rules().Generator
         from map in Gen.Choose(0, RuleMap.All.Count - 1)
         from keys in Gen.SubListOf(Keys)
         from rules in Rules().Generator.ArrayOf(Keys.Length)
         from nanos in Gen.Elements(-1, 0, 120_000_000, 123_456_000, 123_456_789, 1)
         select Policy(description, etag, global, patterns, rule, map, [.. keys.Zip(rules)], nanos)).ToArbitrary();

    private static Authz.Policy Policy(
        string description, string etag, int global, IEnumerable<string> patterns, Authz.AdmissionRule rule, int map, (string Key, Authz.AdmissionRule Rule)[] rules, int nanos)
    {
        var policy = new Authz.Policy
        {
            Name = "projects/acme-prod/policy",
            Description = description,
            Etag = etag,
            GlobalPolicyEvaluationMode = (Authz.Policy.Types.GlobalPolicyEvaluationMode)global,
            AdmissionWhitelistPatterns = { patterns.Select(pattern => new Authz.AdmissionWhitelistPattern { NamePattern = pattern }) },
            DefaultAdmissionRule = rule,
            UpdateTime = nanos < 0 ? null : new Timestamp { Seconds = 1_790_805_600, Nanos = nanos },
        };
        foreach (var (key, specific) in rules)
        {
            RuleMap.All[map].Rules(policy)[key] = specific;
        }

        return policy;
    }
}
