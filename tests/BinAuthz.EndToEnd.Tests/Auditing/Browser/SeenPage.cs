namespace BinAuthz.EndToEnd.Tests.Auditing.Browser;

/// <summary>What Chromium showed of a page in one mode.</summary>
/// <param name="Name">Of the page.</param>
/// <param name="Mode">light, dark, phone, print or policy.</param>
/// <param name="Text">As a reader sees it.</param>
/// <param name="Console">Errors and warnings.</param>
/// <param name="Requests">To others than the page's own origin.</param>
/// <param name="Dialogs">That a script opened.</param>
/// <param name="Violations">That axe-core found.</param>
/// <param name="Scripts">How many script elements there are.</param>
/// <param name="Images">How many img elements there are.</param>
/// <param name="Handlers">How many elements have an attribute that is a script.</param>
/// <param name="Overflow">By how many pixels the page is wider than the window.</param>
/// <param name="Dead">Anchors that lead nowhere.</param>
/// <param name="Charts">The charts.</param>
/// <param name="Tables">The tables.</param>
/// <param name="FirstFocus">Where the first Tab leads; only in the mode policy.</param>
/// <param name="Opened">Whether the keyboard opened all details; only in the mode policy.</param>
internal sealed record SeenPage(
    string Name,
    string Mode,
    string Text,
    IReadOnlyList<string> Console,
    IReadOnlyList<string> Requests,
    IReadOnlyList<string> Dialogs,
    IReadOnlyList<string> Violations,
    int Scripts,
    int Images,
    int Handlers,
    int Overflow,
    IReadOnlyList<string> Dead,
    IReadOnlyList<SeenPage.Chart> Charts,
    IReadOnlyList<SeenPage.Table> Tables,
    string? FirstFocus,
    bool? Opened)
{
    /// <summary>A chart by what was drawn.</summary>
    internal sealed record Chart(string Id, double Scale, string Label, IReadOnlyList<Tick> Axis, IReadOnlyList<Mark> Points);

    /// <summary>A line of the scale with its number.</summary>
    internal sealed record Tick(double Label, double Y);

    /// <summary>A point.</summary>
    internal sealed record Mark(DateTimeOffset Time, double Value, double X, double Y);

    /// <summary>A table by its cells.</summary>
    internal sealed record Table(string Id, string Caption, IReadOnlyList<IReadOnlyList<string>> Rows);
}
