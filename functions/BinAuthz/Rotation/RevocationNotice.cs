using BinAuthz.Attestations;
using BinAuthz.GoogleCloud;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging;

namespace BinAuthz.Rotation;

/// <summary>
/// Tells people of a revocation: an entry of the log <c>binauthz</c> in the attestor's project, which the sink of alerts takes.
/// It names what stays blocked and what runs, of each so many; their counts are whole.
/// </summary>
internal sealed partial class RevocationNotice(LoggingClient logging, TimeProvider time, ILogger<RevocationNotice> logger)
{
    /// <summary>The id of the log.</summary>
    public const string LogId = "binauthz";

    /// <summary>What the field <c>event</c> of the entry says.</summary>
    public const string Event = "KeyRevoked";

    /// <summary>How many images are named at most; an entry may have 256 KB (docs: logging/quotas).</summary>
    public const int MaximumImages = 50;

    /// <summary>Writes the entry. What goes wrong is logged and returned: trust is gone all the same.</summary>
    /// <param name="attestor">Who trusted the version.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="live">The images as they were read since; null: they were not.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What went wrong; null: nothing.</returns>
    public async Task<string?> WriteAsync(AttestorName attestor, RevocationRequest request, LiveImages? live, CancellationToken cancellationToken)
    {
        try
        {
            await logging.WriteCriticalAsync(attestor.Project, LogId, $"{Event}-{request.Version.Version}-{time.GetUtcNow().ToUnixTimeMilliseconds()}", Payload(attestor, request, live), cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (GoogleCallException error)
        {
            Log.Untold(logger, request.Version.ToString(), error.Message);
            return $"Nobody was alerted of the revocation: {error.Message}";
        }
    }

    private static Struct Payload(AttestorName attestor, RevocationRequest request, LiveImages? live)
    {
        AffectedImage[] affected = [.. live?.Affected.Where(image => image.Version == request.Version) ?? []];
        AffectedImage[] blocked = [.. affected.Where(image => !image.IsRecoverable)];
        AffectedImage[] running = [.. affected.Where(image => image.IsRunning)];
        return new Struct
        {
            Fields =
            {
                ["event"] = Value.ForString(Event),
                ["attestor"] = Value.ForString(attestor.ToString()),
                ["keyVersion"] = Value.ForString(request.Version.ToString()),
                ["compromisedSince"] = Value.ForString(Rfc3339.Write(request.CompromisedSince)),
                ["reason"] = Value.ForString(request.Reason),
                ["by"] = Value.ForString(request.By),
                ["waitingCount"] = Value.ForNumber(affected.Length - blocked.Length),
                ["blocked"] = Names(blocked),
                ["blockedCount"] = Value.ForNumber(blocked.Length),
                ["running"] = Names(running),
                ["runningCount"] = Value.ForNumber(running.Length),
            },
        };
    }

    private static Value Names(IEnumerable<AffectedImage> images) => Value.ForList([.. images.Take(MaximumImages).Select(image => Value.ForString(image.Image.ToString()))]);

    private static partial class Log
    {
        [LoggerMessage(307, LogLevel.Error, "Nobody was alerted that {Version} was revoked: {Reason}")]
        public static partial void Untold(ILogger logger, string version, string reason);
    }
}
