using System.Text.RegularExpressions;
using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.State;
using Google.Cloud.BinaryAuthorization.V1;
using Google.Protobuf.WellKnownTypes;

namespace BinAuthz.Emulator.BinaryAuthorization;

/// <summary>The policy of every project, in the form of v1.</summary>
internal sealed partial class PolicyStore(EmulatorStore store, AttestorStore attestors, TimeProvider time)
{
    private readonly Table<Policy> policies = store.Table("binauthz-policy", Policy.Parser);

    /// <summary>The policy; a project that has set none admits everything.</summary>
    public Policy Get(string name) => policies.Find(Name(name)) ?? Default(name);

    /// <summary>Replaces a policy. An etag, if given, must be the current one.</summary>
    public Policy Replace(Policy? asked)
    {
        var name = Name(asked?.Name ?? "");
        PolicyRules.Check(asked!, attestor => attestors.Find(attestor) is not null);
        var policy = asked!.Clone();
        policy.UpdateTime = Timestamp.FromDateTimeOffset(time.GetUtcNow());
        policy.Etag = "";
        policy.Etag = Etags.Text(policy);
        policies.TryAdd(name, Default(name));
        return policies.Update(name, current => asked.Etag.Length == 0 || asked.Etag == current.Etag
            ? policy
            : throw Errors.Aborted($"The etag {asked.Etag} of {name} is not the current one: the policy was changed in between. Read it again and repeat the change."))!;
    }

    private static Policy Default(string name) => new()
    {
        Name = name,
        GlobalPolicyEvaluationMode = Policy.Types.GlobalPolicyEvaluationMode.Enable,
        DefaultAdmissionRule = new AdmissionRule
        {
            EvaluationMode = AdmissionRule.Types.EvaluationMode.AlwaysAllow,
            EnforcementMode = AdmissionRule.Types.EnforcementMode.EnforcedBlockAndAuditLog,
        },
    };

    private static string Name(string name) => PolicyName().IsMatch(name)
        ? name
        : throw Errors.Invalid($"'{name}' is not the name of a policy; it must have the form projects/*/policy.");

    [GeneratedRegex(@"^projects/[^/]+/policy\z")]
    private static partial Regex PolicyName();
}
