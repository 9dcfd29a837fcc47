using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using BinAuthz.Denials;

namespace BinAuthz.Alerting;

/// <summary>The name of a window: how long a subject with a cause is counted after it was told.</summary>
/// <param name="Subject">The subject's id.</param>
/// <param name="Cause">The cause.</param>
/// <param name="Number">From 1, one after the other; who makes the object of a number first has opened the window.</param>
internal sealed record AlertWindow(string Subject, DiagnosisCause Cause, int Number)
{
    /// <summary>What incident tools group by.</summary>
    public string Group => $"{Subject}.{Cause}";

    /// <summary>The id of the message of a stage, such as <c>4f1c….NotAttested.1.first</c>.</summary>
    public string MessageId(string stage) => string.Create(CultureInfo.InvariantCulture, $"{Group}.{Number}.{stage}");

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out AlertWindow? window)
    {
        window = text.Split('/') is [var subject, var cause, var number]
            && Enum.TryParse<DiagnosisCause>(cause, out var known)
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var counted)
            ? new AlertWindow(subject, known, counted)
            : null;
        return window is not null;
    }

    /// <summary><c>SUBJECT/CAUSE/NUMBER</c>, in which numbers sort as text.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Subject}/{Cause}/{Number:D8}");
}
