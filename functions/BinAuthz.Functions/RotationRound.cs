using System.Text.Json.Nodes;
using BinAuthz.Functions.Events;
using BinAuthz.GoogleCloud;
using BinAuthz.Rotation;
using BinAuthz.Signing;

namespace BinAuthz.Functions;

/// <summary>Rotates the key of every attestor, one after the other. What keeps one back does not keep back the others.</summary>
internal sealed class RotationRound(KeyRotator rotator, IReadOnlyList<SigningIdentity> subjects, TimeProvider time)
{
    /// <summary>Does what is asked for.</summary>
    /// <param name="message">What.</param>
    /// <param name="report">Gets a document for each attestor.</param>
    /// <param name="cancellationToken">Stops between two calls.</param>
    /// <exception cref="UnreadableEventException">What is asked for cannot be meant; nothing was done.</exception>
    /// <exception cref="GoogleCallException">A call for one of the attestors was refused or not answered.</exception>
    /// <exception cref="RotationException">Somebody has to mend something for one of them.</exception>
    public async Task RunAsync(RotateRequest message, JsonArray report, CancellationToken cancellationToken)
    {
        var revocations = message.Revocations(subjects, time.GetUtcNow());
        var failures = new List<Exception>();
        foreach (var (subject, run) in message.Revoke is null ? Runs(message) : Runs(revocations))
        {
            try
            {
                report.Add((JsonNode)RotationReportJson.Of(await run(cancellationToken).ConfigureAwait(false)));
            }
            catch (Exception error) when (error is GoogleCallException or RotationException or CorruptedInTransitException)
            {
                failures.Add(error);
                report.Add((JsonNode)new JsonObject { ["attestor"] = subject.Attestor.ToString(), ["error"] = error.Message });
            }
        }

        // What time mends is told only if there is nothing that an operator has to mend.
        if (failures.OrderBy(EventDelivery.IsTransient).FirstOrDefault() is { } worst)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(worst);
        }
    }

    private IEnumerable<(SigningIdentity Subject, Func<CancellationToken, Task<RotationReport>> Run)> Runs(RotateRequest message) =>
        subjects.Select(subject => (subject, (Func<CancellationToken, Task<RotationReport>>)(token => message.Renews ? rotator.RenewAsync(subject, token) : rotator.RunAsync(subject, token))));

    private IEnumerable<(SigningIdentity Subject, Func<CancellationToken, Task<RotationReport>> Run)> Runs(IReadOnlyList<(SigningIdentity Subject, RevocationRequest Request)> revocations) =>
        revocations.Select(each => (each.Subject, (Func<CancellationToken, Task<RotationReport>>)(token => rotator.RevokeAsync(each.Subject, each.Request, token))));
}
