using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.Rest;
using BinAuthz.Emulator.State;
using Google.Protobuf.WellKnownTypes;

namespace BinAuthz.Emulator.BinaryAuthorization;

/// <summary>The platform policies of every project.</summary>
internal sealed class PlatformPolicyStore(EmulatorStore store, TimeProvider time)
{
    private readonly Table<PlatformPolicy> policies = store.Table("binauthz-platform-policy", PlatformPolicy.Parser);

    public PlatformPolicy Get(string name) => policies.Find(PlatformPolicyRules.Name(name)) ?? throw NotFound(name);

    public Page<PlatformPolicy> List(string parent, int pageSize, string pageToken) =>
        Page.Of(policies.List($"{PlatformPolicyRules.Parent(parent)}/policies"), pageSize, pageToken);

    public PlatformPolicy Create(string parent, string id, PlatformPolicy? asked)
    {
        var policy = Complete($"{PlatformPolicyRules.Parent(parent)}/policies/{id}", asked);
        return policies.TryAdd(policy.Name, policy) ? policy : throw Errors.AlreadyExists($"Platform policy {policy.Name} already exists.");
    }

    public PlatformPolicy Replace(PlatformPolicy? asked)
    {
        var policy = Complete(asked?.Name ?? "", asked);
        return policies.Update(policy.Name, current =>
        {
            CheckEtag(current, asked!.Etag);
            return policy;
        }) ?? throw NotFound(policy.Name);
    }

    public void Delete(string name, string etag)
    {
        CheckEtag(Get(name), etag);
        policies.Remove(name);
    }

    private PlatformPolicy Complete(string name, PlatformPolicy? asked)
    {
        PlatformPolicyRules.Name(name);
        var policy = asked?.Clone() ?? new PlatformPolicy();
        PlatformPolicyRules.Check(name, policy);
        policy.Name = name;
        policy.UpdateTime = Timestamp.FromDateTimeOffset(time.GetUtcNow());
        policy.Etag = "";
        policy.Etag = Etags.Text(policy);
        return policy;
    }

    private static void CheckEtag(PlatformPolicy current, string etag)
    {
        if (etag.Length > 0 && etag != current.Etag)
        {
            throw Errors.Aborted($"The etag {etag} of {current.Name} is not the current one: the policy was changed in between. Read it again and repeat the change.");
        }
    }

    private static Grpc.Core.RpcException NotFound(string name) => Errors.NotFound($"Platform policy {name} not found.");
}
