namespace BinAuthz.Emulator.Cluster;

/// <summary>What Binary Authorization says of a pod.</summary>
/// <param name="Admitted">Whether the pod may be created.</param>
/// <param name="Denial">Why not; empty when it is admitted.</param>
/// <param name="Annotations">What the audit log is told, without the webhook's name: <c>dry-run</c>, <c>break-glass</c>, <c>overridden-verification-result</c>.</param>
/// <param name="FailedOpen">Admitted unchecked.</param>
internal sealed record PodVerdict(bool Admitted, string Denial, IReadOnlyDictionary<string, string> Annotations, bool FailedOpen)
{
    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    public static readonly PodVerdict Conformant = new(true, "", None, FailedOpen: false);

    public static readonly PodVerdict Unchecked = new(true, "", None, FailedOpen: true);

    public static PodVerdict Denied(string denial) => new(false, denial, None, FailedOpen: false);

    public static PodVerdict Overridden(IReadOnlyDictionary<string, string> annotations) => new(true, "", annotations, FailedOpen: false);
}
