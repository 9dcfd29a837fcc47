namespace BinAuthz.Setup;

/// <summary>A step that was looked at, and what takes it.</summary>
/// <param name="Step">What is there, and what is to be done.</param>
/// <param name="Take">Does it; null: nothing is to be done.</param>
internal sealed record SetupAct(SetupStep Step, Func<CancellationToken, Task>? Take)
{
    /// <summary>Something that is made or changed, unless it is as it should be.</summary>
    public static SetupAct Of(string kind, string resource, string detail, bool isMissing, Func<CancellationToken, Task> take) =>
        new(new SetupStep(kind, resource, isMissing, detail), isMissing ? take : null);

    /// <summary>Something that setup leaves to others.</summary>
    public static SetupAct Left(string kind, string resource, string detail) => new(new SetupStep(kind, resource, Change: false, detail), Take: null);

    /// <summary>Something that somebody has to look at.</summary>
    public static SetupAct Look(string kind, string resource, string detail) => new(new SetupStep(kind, resource, Change: false, detail) { NeedsLook = true }, Take: null);
}
