using System.Diagnostics.CodeAnalysis;

namespace BinAuthz.Alerting;

/// <summary>Something that is to be done at a time: a window to be closed, or a digest to be sent.</summary>
/// <param name="Due">When.</param>
/// <param name="Window">The window; null for a digest.</param>
/// <param name="Pool">The digest's pool; empty for a window.</param>
internal sealed record OpenWork(DateTimeOffset Due, AlertWindow? Window, string Pool)
{
    /// <summary>Where it is written down.</summary>
    public const string Folder = "open/";

    /// <summary>Where it is written down that it is done.</summary>
    public const string ClosedFolder = "closed/";

    /// <summary>A window to be closed.</summary>
    public static OpenWork Of(DateTimeOffset due, AlertWindow window) => new(due, window, "");

    /// <summary>A digest to be sent.</summary>
    public static OpenWork Digest(DateTimeOffset due, string pool) => new(due, null, pool);

    /// <summary>The object's name.</summary>
    public string Name => Folder + this;

    /// <summary>The name of the object that says that it is done.</summary>
    public string ClosedName => ClosedFolder + this;

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out OpenWork? work)
    {
        work = text.Split('/', 3) switch
        {
            [var due, "window", var name] when LoggedAt.TryParseTime(due, out var time) && AlertWindow.TryParse(name, out var window) => Of(time, window),
            [var due, "digest", var pool] when LoggedAt.TryParseTime(due, out var time) => Digest(time, pool),
            _ => null,
        };
        return work is not null;
    }

    /// <summary><c>TIME/window/SUBJECT/CAUSE/NUMBER</c> or <c>TIME/digest/POOL</c>.</summary>
    public override string ToString() => $"{LoggedAt.Sortable(Due)}/{(Window is { } window ? $"window/{window}" : $"digest/{Pool}")}";
}
