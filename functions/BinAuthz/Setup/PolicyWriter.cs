using BinAuthz.GoogleCloud;
using Grpc.Core;

namespace BinAuthz.Setup;

/// <summary>Adds to the policies of resources, and never takes away: what is read is written back under its etag, and read again when somebody else was faster.</summary>
internal sealed class PolicyWriter(IamClient iam, TimeProvider time)
{
    /// <summary>What its steps are called.</summary>
    public const string Kind = "access";

    // A service account is not known everywhere at once; Google says to wait for 60 seconds or more (docs: iam/docs/service-accounts-create).
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    /// <summary>The policy of a resource; one that grants nothing while there is no such resource.</summary>
    public async Task<IamPolicy> ReadAsync(IamResource resource, CancellationToken cancellationToken)
    {
        try
        {
            return await iam.GetPolicyAsync(resource, cancellationToken).ConfigureAwait(false);
        }
        catch (GoogleCallException error) when (error.Status == StatusCode.NotFound)
        {
            return IamPolicy.Empty;
        }
    }

    /// <summary>Looks whether some members have their roles on a resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="bindings">The roles, and who is to have them.</param>
    /// <param name="detail">Why.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<SetupAct> LookAsync(IamResource resource, IReadOnlyList<IamBinding> bindings, string detail, CancellationToken cancellationToken)
    {
        var policy = await ReadAsync(resource, cancellationToken).ConfigureAwait(false);
        return SetupAct.Of(Kind, resource.Name, detail, bindings.Any(binding => policy.Lacking(binding).Count > 0), stop => GrantAsync(resource, bindings, stop));
    }

    /// <summary>Gives members their roles.</summary>
    public Task GrantAsync(IamResource resource, IReadOnlyList<IamBinding> bindings, CancellationToken cancellationToken) =>
        ChangeAsync(resource, policy => bindings.Aggregate(false, (changed, binding) => policy.Grant(binding, "Only some objects") || changed), cancellationToken);

    /// <summary>Changes a policy until the change is in it.</summary>
    /// <param name="resource">Whose policy.</param>
    /// <param name="change">Says whether it changed anything.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="GoogleCallException">It was refused. ABORTED: others change the policy all the time; INVALID_ARGUMENT: a member does not exist.</exception>
    public async Task ChangeAsync(IamResource resource, Func<IamPolicyDocument, bool> change, CancellationToken cancellationToken)
    {
        var (until, wait) = (time.GetUtcNow() + Deadline, ShortestWait);
        while (true)
        {
            var policy = await iam.ReadPolicyAsync(resource, cancellationToken).ConfigureAwait(false);
            if (!change(policy))
            {
                return;
            }

            try
            {
                await iam.SetPolicyAsync(resource, policy, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (GoogleCallException error) when ((error.Status == StatusCode.Aborted || IsNewcomer(error)) && time.GetUtcNow() < until)
            {
                await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
                wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
            }
        }
    }

    // "Service account NAME does not exist.", also of one that was made a moment ago.
    private static bool IsNewcomer(GoogleCallException error) =>
        error.Status == StatusCode.InvalidArgument && error.Message.Contains("does not exist", StringComparison.Ordinal);
}
