namespace BinAuthz.Setup;

/// <summary>
/// Makes what an environment needs around its functions, as terraform does: what signing and trusting need, the topics and log sinks
/// of events, the identities and who may do what. Every step looks first and can be run again; nothing is taken away.
/// </summary>
internal sealed class EnvironmentSetup(TrustSetup trust, EventSetup events, AccessSetup access)
{
    /// <summary>Says what <see cref="ApplyAsync"/> would do, and changes nothing.</summary>
    public async Task<IReadOnlyList<SetupStep>> PlanAsync(SetupRequest request, CancellationToken cancellationToken)
    {
        var steps = new List<SetupStep>(await trust.PlanAsync(request, cancellationToken).ConfigureAwait(false));
        await foreach (var act in ActsAsync(request).WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            steps.Add(act.Step);
        }

        return steps;
    }

    /// <summary>Makes what is missing.</summary>
    /// <param name="request">What to set up.</param>
    /// <param name="progress">Told of each step when it is done.</param>
    /// <param name="cancellationToken">Stops between two calls.</param>
    /// <exception cref="GoogleCloud.GoogleCallException">A call was refused; what was made stays, and the setup can be run again.</exception>
    public async Task<IReadOnlyList<SetupStep>> ApplyAsync(SetupRequest request, IProgress<SetupStep> progress, CancellationToken cancellationToken)
    {
        var steps = new List<SetupStep>(await trust.ApplyAsync(request, progress, cancellationToken).ConfigureAwait(false));
        await foreach (var act in ActsAsync(request).WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            // Taken before the next is looked at, which may build on it.
            if (act.Take is { } take)
            {
                await take(cancellationToken).ConfigureAwait(false);
            }

            steps.Add(act.Step);
            progress.Report(act.Step);
        }

        return steps;
    }

    private IAsyncEnumerable<SetupAct> ActsAsync(SetupRequest request) => events.LookAsync(request).Concat(access.LookAsync(request));
}
