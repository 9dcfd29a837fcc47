using BinAuthz.GoogleCloud;
using BinAuthz.Signing;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace BinAuthz.Rotation;

/// <summary>
/// FLOW 3: reads everything, asks <see cref="RotationPolicy"/> for the one step that is due, performs it, and begins again, until
/// something has to be waited for. Nothing is remembered between two steps, so a run may be stopped anywhere, and two may run at
/// once: a change of the attestor counts only if the attestor still is as it was when the step was decided.
/// </summary>
internal sealed partial class KeyRotator(RotationStateReader states, RotationActs acts, ResignPublisher resigning, RotationOptions options, RotationWindows windows, RotationDecision decide, RevocationNotice notice, RotationMetrics metrics, TimeProvider time, ILogger<KeyRotator> logger)
{
    /// <summary>More than any rotation takes; a run that does as many goes in circles.</summary>
    private const int MaximumSteps = 40;

    /// <summary>So often may somebody else change the attestor, or a version, between a decision and its act.</summary>
    private const int MaximumConflicts = 5;

    private static readonly TimeSpan GenerationPoll = TimeSpan.FromSeconds(2);

    /// <summary>Does what is due.</summary>
    /// <param name="subject">Whose key.</param>
    /// <param name="cancellationToken">Stops between two calls.</param>
    /// <exception cref="GoogleCallException">A call was refused or not answered; the next run goes on.</exception>
    /// <exception cref="RotationException">Somebody has to mend something first.</exception>
    public Task<RotationReport> RunAsync(SigningIdentity subject, CancellationToken cancellationToken) => RunAsync(subject, windows, cancellationToken);

    /// <summary>As <see cref="RunAsync(SigningIdentity, CancellationToken)"/>, and begins a rotation whatever the age of the key, unless one is under way.</summary>
    /// <param name="subject">Whose key.</param>
    /// <param name="cancellationToken">Stops between two calls.</param>
    public Task<RotationReport> RenewAsync(SigningIdentity subject, CancellationToken cancellationToken) =>
        RunAsync(subject, windows with { RenewBefore = time.GetUtcNow() }, cancellationToken);

    /// <summary>Reads the state with all images and says what is due, and does nothing.</summary>
    /// <param name="subject">Whose key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<RotationReport> LookAsync(SigningIdentity subject, CancellationToken cancellationToken)
    {
        var state = await states.ReadWithImagesAsync(subject, cancellationToken).ConfigureAwait(false);
        return new RotationReport(state, [], Decide(state, windows));
    }

    /// <summary>Takes a version's trust away at once, then does everything that follows: disable it, make and trust a successor, have approval asked anew.</summary>
    /// <param name="subject">Whose key.</param>
    /// <param name="request">Which version, since when, why.</param>
    /// <param name="cancellationToken">Stops between two calls.</param>
    /// <exception cref="RotationException">The version is not one of the key's, or nothing is known of it.</exception>
    /// <exception cref="GoogleCallException">A call was refused or not answered. The same request again goes on.</exception>
    public async Task<RotationReport> RevokeAsync(SigningIdentity subject, RevocationRequest request, CancellationToken cancellationToken)
    {
        Log.Revoking(logger, request.Version.ToString(), subject.Attestor.ToString(), Rfc3339.Write(request.CompromisedSince), request.By, request.Reason);
        await acts.RevokeAsync(subject, request, cancellationToken).ConfigureAwait(false);
        RotationReport? report = null;
        string? untold;
        try
        {
            report = await RunAsync(subject, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            untold = await notice.WriteAsync(subject.Attestor, request, report?.State.Live, cancellationToken).ConfigureAwait(false);
        }

        return untold is null ? report : report with { Warnings = [untold] };
    }

    private RotationStep Decide(RotationState state, RotationWindows asked)
    {
        var now = time.GetUtcNow();
        var step = decide(now, state, asked);
        metrics.Record(RotationStatus.From(now, new RotationReport(state, [], step), asked));
        return step;
    }

    private async Task<RotationReport> RunAsync(SigningIdentity subject, RotationWindows asked, CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow() + options.RunTime;
        var performed = new List<RotationStep>();
        for (var conflicts = 0; ;)
        {
            var state = await states.ReadAsync(subject, cancellationToken).ConfigureAwait(false);
            var step = Decide(state, asked);
            if (IsWait(step) || Repeats(step, performed) || performed.Count >= MaximumSteps || time.GetUtcNow() >= until)
            {
                Log.Waits(logger, subject.Attestor.ToString(), step.Code, step.Detail);
                return new RotationReport(state, performed, step);
            }

            try
            {
                Log.Began(logger, subject.Attestor.ToString(), step.Code, step.Detail);
                if (!await PerformAsync(subject, state, step, until, cancellationToken).ConfigureAwait(false))
                {
                    return new RotationReport(state, performed, step);
                }

                performed.Add(step);
                metrics.Count(subject.Attestor, step);
            }
            catch (GoogleCallException error) when (error.Status is StatusCode.Aborted or StatusCode.FailedPrecondition)
            {
                Log.Conflicted(logger, subject.Attestor.ToString(), step.Code, error.Message);
                if (++conflicts >= MaximumConflicts)
                {
                    return new RotationReport(state, performed, new RotationStep.Blocked(
                        $"'{step.Code}' was refused {conflicts} times, because what it changes had just been changed: {error.Message}", "Find out who else changes it. The next run tries again."));
                }
            }
        }
    }

    private static bool IsWait(RotationStep step) => step is RotationStep.Nothing or RotationStep.Propagate or RotationStep.Blocked;

    // What was done does not show yet: disabling a version takes a minute or hours until all of Cloud KMS knows it (docs: kms/consistency).
    private static bool Repeats(RotationStep step, List<RotationStep> performed) => step is not RotationStep.AwaitGeneration && step.Equals(performed.LastOrDefault());

    /// <returns>False: the step takes longer than this run.</returns>
    private async Task<bool> PerformAsync(SigningIdentity subject, RotationState state, RotationStep step, DateTimeOffset until, CancellationToken cancellationToken)
    {
        switch (step)
        {
            case RotationStep.Resign resign:
                var asked = await resigning.PublishAsync(subject, resign, until, cancellationToken).ConfigureAwait(false);
                Log.Asked(logger, subject.Attestor.ToString(), asked, resign.Images.Count + resign.Reconsidered.Count);
                return false;
            case RotationStep.Withdraw withdraw:
                var withdrawn = await resigning.PublishAsync(subject, withdraw, until, cancellationToken).ConfigureAwait(false);
                Log.Asked(logger, subject.Attestor.ToString(), withdrawn, withdraw.Images.Count);
                return false;
            case RotationStep.AwaitGeneration:
                await Task.Delay(GenerationPoll, time, cancellationToken).ConfigureAwait(false);
                return true;
            default:
                await acts.PerformAsync(state, step, cancellationToken).ConfigureAwait(false);
                return true;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(301, LogLevel.Information, "Rotation for {Attestor}: {Step}: {Detail}")]
        public static partial void Began(ILogger logger, string attestor, string step, string detail);

        [LoggerMessage(302, LogLevel.Information, "Rotation for {Attestor} waits: {Step}: {Detail}")]
        public static partial void Waits(ILogger logger, string attestor, string step, string detail);

        [LoggerMessage(303, LogLevel.Warning, "Rotation for {Attestor}: {Step} is decided anew: {Reason}")]
        public static partial void Conflicted(ILogger logger, string attestor, string step, string reason);

        [LoggerMessage(304, LogLevel.Information, "Rotation for {Attestor}: the signer was asked for {Asked} of {Remaining} images")]
        public static partial void Asked(ILogger logger, string attestor, int asked, int remaining);

        [LoggerMessage(305, LogLevel.Critical, "KeyRevoked: {Version} of {Attestor} is compromised since {Since}, says {By}: {Reason}")]
        public static partial void Revoking(ILogger logger, string version, string attestor, string since, string by, string reason);
    }
}
