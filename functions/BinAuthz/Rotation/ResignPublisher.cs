using BinAuthz.GoogleCloud;
using BinAuthz.Signing;

namespace BinAuthz.Rotation;

/// <summary>Asks the signer for what a step of the rotation needs, at the signer's pace.</summary>
internal sealed class ResignPublisher(PacedPublisher publisher)
{
    /// <summary>Publishes what a step asks for, until it is done or the time is up.</summary>
    /// <param name="subject">Whose signer.</param>
    /// <param name="step">Which images.</param>
    /// <param name="until">When to stop: what was not asked for is asked for by the next run.</param>
    /// <param name="cancellationToken">Stops between two messages.</param>
    /// <returns>How many images were asked for.</returns>
    /// <exception cref="GoogleCallException">NOT_FOUND: there is no such topic.</exception>
    public Task<int> PublishAsync(SigningIdentity subject, RotationStep.Resign step, DateTimeOffset until, CancellationToken cancellationToken) =>
        // What is blocked comes before what still runs.
        publisher.PublishAsync(
            subject.Attestor.Project,
            subject.Environment,
            publisher.Batches(step.Reconsidered, images => new WeighRequest(images).ToJson())
                .Concat(publisher.Batches(step.Images, images => new ResignRequest(subject.Attestor, step.Version, images).ToJson())),
            until,
            cancellationToken);

    /// <summary>The same for what is to be deleted.</summary>
    public Task<int> PublishAsync(SigningIdentity subject, RotationStep.Withdraw step, DateTimeOffset until, CancellationToken cancellationToken) =>
        publisher.PublishAsync(
            subject.Attestor.Project, subject.Environment, publisher.Batches(step.Images, images => new WithdrawRequest(subject.Attestor, step.Version, images).ToJson()), until, cancellationToken);
}
